import { expect, test } from 'vitest';
import { staticProgram } from '../../../src/kinds/static/schema.ts';

const sources = { toolchain: 'gcc-musl', sources: ['a.c'] };
const upstream = { toolchain: 'gcc-musl', archive: { debian: 'demo' }, programs: { a: '/a' } };

test.each([
  { ...sources, flags: ['-O2 -Wall'] },
  { ...sources, flags: ['-std=c11 -O2'] },
  { ...sources, flags: ['-DA=1 -DB=2'] },
  { ...sources, flags: ['-I include'] },
  { ...sources, linkFlags: ['-L lib'] },
  { ...sources, linkFlags: ['-Wl,-z,now -s'] },
  { ...upstream, build: [['make']], flags: ['-g\t-O2'] },
  { ...upstream, build: [['./configure', '--disable-nls --without-x']] },
  { ...upstream, build: [['cc', '-c -O2', 'a.c']] },
])('several options in one word are refused: %j', (fields) => {
  const { error } = staticProgram.safeParse(fields);
  expect(error?.issues[0]?.message).toContain('each flag as a word of its own: [-O2, -Wall]');
});

test.each([
  { ...sources, flags: ['-DGREETING="hello -world"', '-I/my headers', '-DSUM=a + b', '-O2'] },
  { ...sources, linkFlags: ['-Wl,-rpath,/a b'] },
  { ...upstream, build: [['./configure', '--extra-cflags=-O2 -Wall', 'CFLAGS=-O2 -g']] },
  { ...upstream, build: [['cmake', '-DCMAKE_C_FLAGS=-O2 -g', '.']] },
  { ...upstream, build: [['sh', '-c', 'cc -O2 -o a a.c']], env: { CFLAGS: '-O2 -g' } },
])('a blank that belongs to a value is taken: %j', (fields) => {
  expect(staticProgram.safeParse(fields).error).toBeUndefined();
});

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { linker, linkRecords, parseRecord } from '../../../../src/kinds/static/link/link-record.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { file } from '../../../support/tar.ts';

describe('parseRecord', () => {
  test('tells objects, and members in the forms of different binutils, from what is only opened', () => {
    const record = parseRecord(
      [
        '/build/src',
        '/usr/lib/gcc/x86_64-linux-gnu/14/../../../x86_64-linux-gnu/crt1.o',
        '../obj/0.o',
        '/usr/lib/x86_64-linux-gnu/libm.a',
        '(/usr/lib/x86_64-linux-gnu/libc.a)printf.o',
        '/usr/lib/x86_64-linux-gnu/libc.a(puts.o)',
        '(libown.a)part one.o',
        '/usr/lib/x86_64-linux-gnu/libc.so.6',
        '',
      ].join('\n'),
    );
    expect(record).toEqual({
      objects: ['/usr/lib/x86_64-linux-gnu/crt1.o', '/build/obj/0.o'],
      members: [
        { archive: '/usr/lib/x86_64-linux-gnu/libc.a', member: 'printf.o' },
        { archive: '/usr/lib/x86_64-linux-gnu/libc.a', member: 'puts.o' },
        { archive: '/build/src/libown.a', member: 'part one.o' },
      ],
    });
  });

  test('makes absolute paths of whatever stands in it', () => {
    for (const text of ['', '\n', 'relative\nx.o', '/build\n../../../../etc/x.o']) {
      for (const path of parseRecord(text).objects) expect(path).toMatch(/^\/[^.]/);
    }
  });
});

test('linkRecords finds records by the file that was linked, and nothing else', () => {
  const entries = [
    file('0', 'program'),
    file('links/build/src/demo.trace', 'x'),
    file('links/build/src/demo', 'no record'),
    file('other/build/src/demo.trace', 'x'),
  ];
  expect([...linkRecords(entries).keys()]).toEqual(['/build/src/demo']);
});

describe('the linker that keeps records', () => {
  let folder: string;
  beforeEach(async () => {
    folder = temporaryFolder();
    mkdirSync(join(folder, 'link'));
    mkdirSync(join(folder, 'out'));
    mkdirSync(join(folder, 'src'));
    // It calls the tool of its own name in /usr/bin; printf shows just what that is given.
    writeFileSync(join(folder, 'link/printf'), linker(undefined));
    chmodSync(join(folder, 'link/printf'), 0o755);
  });

  const link = (...words: string[]) =>
    execFileSync(join(folder, 'link/printf'), words, {
      cwd: join(folder, 'src'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const record = (path: string) => readFileSync(join(folder, `out/links${folder}/${path}`), 'utf8');

  test.each([
    [['-o', '../out/0'], 'out/0.trace'],
    [['-o../prog'], 'prog.trace'],
    [['--output', 'prog'], 'src/prog.trace'],
    [['--output=prog'], 'src/prog.trace'],
    [['main.o'], 'src/a.out.trace'],
  ])('keeps what the linker says of %j under the name of its output', (words, name) => {
    expect(link('--', ...words)).toBe('');
    // printf's first operand is its format: "-t", which prints itself and takes no other.
    expect(record(name)).toBe(`${folder}/src\n-t`);
  });

  test('reads the name of the output out of a file of words', () => {
    writeFileSync(join(folder, 'src/words'), '-plugin\nx\n-o\n../named\nmain.o\n');
    link('@words');
    expect(record('named.trace')).toMatch(/src\n/);
  });

  test('leaves questions to the linker as they are, and keeps no record', () => {
    expect(link('--version')).toContain('printf');
    expect(existsSync(join(folder, 'out/links'))).toBe(false);
  });

  test('links all the same where no record can be kept', () => {
    expect(link('-o', '../absent/prog', 'x')).not.toBe('');
    expect(existsSync(join(folder, 'absent'))).toBe(false);
  });
});

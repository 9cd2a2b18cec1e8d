import { expect, test } from 'vitest';
import { lockChanges, updateOnly } from '../../src/lock/changes.ts';
import type { Lock } from '../../src/lock/schema.ts';

const digit = (text: string) => Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64);

const deb = (name: string, version: string, source = name) => ({
  ...{ name, version, source, sourceVersion: version, architecture: 'amd64', suite: 'trixie' },
  ...{ filename: `pool/${name}_${version}.deb`, size: 1, sha256: digit(`${version} ${name}`) },
});

const lockOf = (debs: ReturnType<typeof deb>[], tools: ReturnType<typeof deb>[] = []): Lock => ({
  ...{ lockVersion: 1, recipe: 'a', platform: 'linux/amd64', epoch: 1, request: '', asked: {} },
  debs: { indexes: [], packages: debs },
  toolchain: { name: 'gcc', epoch: 1, debs: { indexes: [], packages: tools } },
});

const before = lockOf(
  [
    deb('hello', '1.0'),
    deb('libc6', '2.41-1', 'glibc'),
    deb('libc-bin', '2.41-1', 'glibc'),
    deb('old', '1'),
  ],
  [deb('gcc', '14')],
);
const after = lockOf(
  [
    deb('hello', '1.1'),
    deb('libc6', '2.41-2', 'glibc'),
    deb('libc-bin', '2.41-2', 'glibc'),
    deb('new', '1'),
  ],
  [deb('gcc', '15')],
);

test('changes are told by where they are, name, old and new version', () => {
  expect(lockChanges(before, after)).toEqual([
    { set: 'gcc', name: 'gcc', before: '14', after: '15' },
    { set: 'image', name: 'hello', before: '1.0', after: '1.1' },
    { set: 'image', name: 'libc-bin', before: '2.41-1', after: '2.41-2' },
    { set: 'image', name: 'libc6', before: '2.41-1', after: '2.41-2' },
    { set: 'image', name: 'new', before: undefined, after: '1' },
    { set: 'image', name: 'old', before: '1', after: undefined },
  ]);
  expect(lockChanges(after, after)).toEqual([]);
});

test('the same version with other bytes is a change, told by the hashes', () => {
  const other = { ...deb('hello', '1.0'), sha256: 'f'.repeat(64) };
  expect(lockChanges(lockOf([deb('hello', '1.0')]), lockOf([other]))).toEqual([
    {
      set: 'image',
      name: 'hello',
      before: `sha256:${deb('hello', '1.0').sha256.slice(0, 12)}`,
      after: 'sha256:ffffffffffff',
    },
  ]);
});

test('an update of one package takes along those of its source, and what is new, and nothing else', () => {
  const merged = updateOnly(before, after, ['libc6']);
  expect(lockChanges(before, merged)).toEqual([
    { set: 'image', name: 'libc-bin', before: '2.41-1', after: '2.41-2' },
    { set: 'image', name: 'libc6', before: '2.41-1', after: '2.41-2' },
    { set: 'image', name: 'new', before: undefined, after: '1' },
  ]);
  expect(JSON.stringify(merged)).not.toContain('family');
});

test('an update of a package that no lock pins is refused', () => {
  expect(() => updateOnly(before, after, ['libc7'])).toThrow('pins no package libc7');
});

test("a lock lists every input once, the builder's too", () => {
  const twice = lockOf([deb('hello', '1.0')], [deb('hello', '1.0'), deb('gcc', '14')]);
  expect(lockedBlobs(twice).map(({ name }) => name)).toEqual(['hello_1.0.deb', 'gcc_14.deb']);
});

import { expect, test } from 'vitest';
import { lockChanges, updateOnly } from '../../src/lock/changes.ts';
import type { Lock } from '../../src/lock/schema.ts';
import type { LockedPackage } from '../../src/packages/deb/locked-debs.ts';
import { lockedDeb, lockedDebs, lockedToolchain, lockOf } from '../support/lock.ts';

const deb = (name: string, version: string, source = name) => lockedDeb(name, { version, source });

const locked = (debs: readonly LockedPackage[], tools: readonly LockedPackage[] = []): Lock =>
  lockOf('debs', lockedDebs(...debs), {
    toolchain: lockedToolchain('gcc', lockedDebs(...tools)),
  });

const before = locked(
  [
    deb('hello', '1.0'),
    deb('libc6', '2.41-1', 'glibc'),
    deb('libc-bin', '2.41-1', 'glibc'),
    deb('old', '1'),
  ],
  [deb('gcc', '14')],
);
const after = locked(
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
  expect(lockChanges(locked([deb('hello', '1.0')]), locked([other]))).toEqual([
    {
      set: 'image',
      name: 'hello',
      before: `sha256:${deb('hello', '1.0').sha256.slice(0, 12)}`,
      after: 'sha256:ffffffffffff',
    },
  ]);
});

test('an update of one package takes along those of its source, and what is new, and nothing else', async () => {
  const merged = await updateOnly(before, after, ['libc6']);
  expect(lockChanges(before, merged)).toEqual([
    { set: 'image', name: 'libc-bin', before: '2.41-1', after: '2.41-2' },
    { set: 'image', name: 'libc6', before: '2.41-1', after: '2.41-2' },
    { set: 'image', name: 'new', before: undefined, after: '1' },
  ]);
  expect(JSON.stringify(merged)).not.toContain('family');
});

test("an update of one of the builder's packages moves nothing of the image", async () => {
  const merged = await updateOnly(before, after, ['gcc']);
  expect(lockChanges(before, merged)).toEqual([
    { set: 'gcc', name: 'gcc', before: '14', after: '15' },
    { set: 'image', name: 'new', before: undefined, after: '1' },
  ]);
});

test("an update of a package leaves the other part's packages of that source alone", async () => {
  const both = (version: string) =>
    locked([deb('libc6', version, 'glibc')], [deb('libc6-dev', version, 'glibc')]);
  const merged = await updateOnly(both('2.41-1'), both('2.41-2'), ['libc6-dev']);
  expect(lockChanges(both('2.41-1'), merged)).toEqual([
    { set: 'gcc', name: 'libc6-dev', before: '2.41-1', after: '2.41-2' },
  ]);
});

test('an update of a package that no lock pins is refused', async () => {
  await expect(updateOnly(before, after, ['libc7'])).rejects.toThrow('pins no package libc7');
});

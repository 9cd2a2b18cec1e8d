import { expect, test } from 'vitest';
import type { Attribution, InventoryFile } from '../../src/evidence/inventory/file.ts';
import { claimedBytes } from '../../src/verify/claimed-bytes.ts';
import { outcomeOf } from '../../src/verify/report.ts';

const digests = { sha1: 'a', sha256: 'b' };

const fileBy = (attribution: Attribution | undefined, component = 'pkg:x/y'): InventoryFile => ({
  ...{ path: 'usr/bin/x', type: 'file', digests, attribution },
  component: attribution && component,
});

const said = (file: InventoryFile, inDatabase: boolean, notAtHand?: string) => {
  const inventory = { distro: undefined, components: [], files: [file], unattributed: [] };
  return claimedBytes(inventory, { inDatabase, notAtHand }).map(
    (check) => `${outcomeOf(check)}: ${check.what}: ${check.claimed ?? check.skipped}`,
  );
};

const noPackage = 'claimed: the bytes of 1 file that no package has: only a rebuild tells them';

test.each<readonly [string, InventoryFile]>([
  ['a linked program', fileBy({ by: 'link' })],
  ['what a script of a package generated', fileBy({ by: 'rule', reason: 'ldconfig makes it' })],
  ['what a package lists without a hash', fileBy({ by: 'listed' })],
  ['what commands of the recipe made', fileBy({ by: 'recipe' }, 'recipe:run')],
  ['what nothing accounts for', fileBy(undefined)],
])('the bytes of %s are claimed, whatever is at hand', (_, file) => {
  expect(said(file, false)).toEqual([noPackage]);
  expect(said(file, true, 'hello.deb is not at hand')).toEqual([noPackage]);
});

test("the bytes of files that only the image's own package database states are claimed", () => {
  expect(said(fileBy({ by: 'package' }), true)).toEqual([
    "claimed: the bytes of 1 file by the image's own package database: only a rebuild takes them out of the locked inputs again",
  ]);
});

test.each<Attribution>([{ by: 'package' }, { by: 'archive' }])(
  'the bytes of files of a locked input are held against it, or not checked: $by',
  (by) => {
    expect(said(fileBy(by), false)).toEqual([]);
    expect(said(fileBy(by), false, 'x.deb is not at hand')).toEqual([
      'not checked: the bytes of 1 file against the locked inputs: x.deb is not at hand',
    ]);
  },
);

test('the bytes that a recipe states, and links and folders, which have none, are not claimed', () => {
  expect(said(fileBy({ by: 'recipe' }, 'recipe:files'), true)).toEqual([]);
  const { digests: _, ...link } = fileBy({ by: 'listed' });
  expect(said({ ...link, type: 'symlink', target: 'y' }, true)).toEqual([]);
});

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Inventory } from '../../src/evidence/inventory/inventory.ts';
import type { Component } from '../../src/kinds/component.ts';
import { licenceRef } from '../../src/packages/licences/licence.ts';
import type { Store } from '../../src/store/store.ts';
import { checksThat, mismatchesOf } from '../../src/verify/report.ts';
import { answersTo } from '../../src/verify/require.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { forgeInventory } from '../support/forge.ts';
import { makeOutputFolder, type OutputFolder } from '../support/output-folder.ts';

const { signal } = new AbortController();
let original = '';
let built: OutputFolder;

beforeAll(async () => {
  original = join(temporaryFolder(), 'out');
  built = await makeOutputFolder(original);
});

type Forgery = (inventory: Inventory) => Inventory;

async function reportOn(forge: Forgery, store: Store | undefined) {
  const folder = join(temporaryFolder(), 'copy');
  cpSync(original, folder, { recursive: true });
  forgeInventory(folder, forge(built.inventory), built.subject);
  const images = await imagesIn(folder);
  const request = { subject: 'copy', images, evidence: folder, ...(store && { store }) };
  return verify(request, signal);
}

/** Changes a component of this name wherever the inventory has it. */
const changed =
  (name: string, change: (component: Component) => Partial<Component>): Forgery =>
  (inventory) => ({
    ...inventory,
    components: inventory.components.map((each) =>
      each.name === name ? { ...each, ...change(each) } : each,
    ),
  });

/** Gives paths another owner. */
const owned =
  (path: string, component: string | undefined): Forgery =>
  (inventory) => ({
    ...inventory,
    files: inventory.files.map((each) => (each.path === path ? { ...each, component } : each)),
  });

const idOf = (name: string): string =>
  built.inventory.components.find((each) => each.name === name)!.id;

/** Leaves a component out, and gives its paths to another one. */
const without =
  (name: string, heir: () => string | undefined): Forgery =>
  (inventory) => ({
    ...inventory,
    components: inventory.components.filter((each) => each.name !== name),
    files: inventory.files.map((each) =>
      each.component === idOf(name) ? { ...each, component: heir() } : each,
    ),
  });

const withId = (name: string, edit: (id: string) => string): Forgery => {
  return (inventory) => {
    const before = idOf(name);
    const id = edit(before);
    const renamed = changed(name, () => ({ id, purl: id }))(inventory);
    const files = renamed.files.map((each) =>
      each.component === before ? { ...each, component: id } : each,
    );
    return { ...renamed, files };
  };
};

const free = { expression: 'MIT', basis: 'says the builder', texts: [] };
const ownTerms = licenceRef('pay me', 'own terms');

/** Forgeries that the rootfs and the lock alone contradict: what is claimed, and a field that is named. */
const plain: readonly (readonly [what: string, forge: Forgery, field: RegExp])[] = [
  ['a package left out', without('iputils', () => idOf('base-files')), /^components/],
  ['another left out, its paths nobody’s', without('base-files', () => undefined), /^components/],
  ['a version', changed('iputils', () => ({ version: '3:20240905-4' })), /\.version$/],
  ['a version in the package URL', withId('iputils', (id) => id.replace('-3', '-4')), /\.purl$/],
  ['a distribution in the package URL', withId('iputils', (id) => `${id}x`), /\.purl$/],
  [
    'a source package, which advisories go by',
    changed('iputils', () => ({ source: { name: 'hello', version: '1' } })),
    /\.properties\[\d\]/,
  ],
  ['a maintainer', changed('iputils', () => ({ maintainer: 'Me <me@example.org>' })), /publisher$/],
  ['a homepage', changed('base-files', () => ({ homepage: 'https://x.example' })), /Refer/],
  [
    'the hash of a package',
    changed('iputils', () => ({ sha256: 'a'.repeat(64) })),
    /\.hashes\[0\]/,
  ],
  [
    'a licence that stands in the rootfs',
    changed('base-files', () => ({ licence: free })),
    /licens/,
  ],
  ['an owner of a program', owned('usr/bin/ping', 'NEXT'), /occurrences/],
  [
    'a package that is not there',
    (inventory) => ({
      ...inventory,
      components: [
        ...inventory.components,
        { ...inventory.components[0]!, id: 'pkg:deb/debian/zsh@1', name: 'zsh', version: '1' },
      ],
    }),
    /^components\[\d\]/,
  ],
  ['the distribution', (inventory) => ({ ...inventory, distro: 'debian-12' }), /^components\[0\]/],
  [
    'a path that nothing accounts for',
    (inventory) => ({
      ...inventory,
      unattributed: [{ path: 'usr/bin/ping', reason: 'no package has it' }],
    }),
    /./,
  ],
  [
    'the hash of a file',
    (inventory) => ({
      ...inventory,
      files: inventory.files.map((each) =>
        each.digests ? { ...each, digests: { ...each.digests, sha1: 'b'.repeat(40) } } : each,
      ),
    }),
    /^(?:files|packages)/,
  ],
];

/** Forgeries that only the locked packages contradict. */
const deep: readonly (readonly [what: string, forge: Forgery, field: RegExp])[] = [
  ['a licence', changed('iputils', () => ({ licence: free })), /licens/],
  [
    'a licence with a text of its own',
    changed('iputils', () => ({
      licence: { expression: ownTerms.id, basis: 'says the builder', texts: [ownTerms] },
    })),
    /licens/,
  ],
  ['the owner of a link', owned('bin', 'NEXT'), /occurrences/],
];

/** Gives a path to whichever of the two packages does not have it. */
const resolved =
  (forge: Forgery): Forgery =>
  (inventory) => {
    const forged = forge(inventory);
    const ids = inventory.components.map(({ id }) => id);
    const owners = new Map(inventory.files.map(({ path, component }) => [path, component]));
    return {
      ...forged,
      files: forged.files.map((each) =>
        each.component === 'NEXT'
          ? { ...each, component: ids.find((id) => id !== owners.get(each.path)) }
          : each,
      ),
    };
  };

describe('a bill of materials that was forged in both documents, and all digests made right', () => {
  test.each([...plain, ...deep])(
    '%s is named, with the packages at hand',
    async (_, forge, field) => {
      const report = await reportOn(resolved(forge), built.store);
      const fields = mismatchesOf(report).map((each) => each.field);
      expect(fields).toContainEqual(expect.stringMatching(field));
      const files = new Set(mismatchesOf(report).map((each) => each.file));
      expect([...files].every((each) => each.startsWith('sbom.'))).toBe(true);
    },
  );

  test.each(plain)('%s is named, by image and lock alone', async (_, forge, field) => {
    const fields = mismatchesOf(await reportOn(resolved(forge), undefined)).map(
      (each) => each.field,
    );
    expect(fields).toContainEqual(expect.stringMatching(field));
  });

  test.each(deep)(
    '%s is said to be unchecked without the packages, and fails a check that has to be complete',
    async (_, forge) => {
      const report = await reportOn(resolved(forge), undefined);
      expect(checksThat(report, 'not checked').map(({ skipped }) => skipped)).toContain(
        'they are not at hand; --inputs names a bundle of them',
      );
      const [answer] = answersTo(report, ['complete']);
      expect(answer?.missing).toMatch(/^not checked is /);
    },
  );
});

test('a store whose copy of a package is damaged counts as none', async () => {
  const { writeFileSync } = await import('node:fs');
  const other = await makeOutputFolder(join(temporaryFolder(), 'out'));
  const [input] = (other.lock.from.debs as { packages: { sha256: string }[] }).packages;
  writeFileSync(other.store.pathOf(input!.sha256), 'garbage');
  const report = await reportOn((inventory) => inventory, other.store);
  expect(mismatchesOf(report)).toEqual([]);
  expect(checksThat(report, 'not checked').map(({ skipped }) => skipped)).toContainEqual(
    expect.stringMatching(/^base-files_.*\.deb is not at hand; --inputs names a bundle of them$/),
  );
});

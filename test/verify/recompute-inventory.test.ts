import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Inventory,
  type InventoryInput,
  takeInventory,
} from '../../src/evidence/inventory/inventory.ts';
import type { Component } from '../../src/kinds/component.ts';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import type { Linked } from '../../src/kinds/static/link/linked.ts';
import type { Lock } from '../../src/lock/schema.ts';
import { openStore } from '../../src/store/store.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { recomputeInventory } from '../../src/verify/recompute-inventory.ts';
import { outcomeOf } from '../../src/verify/report.ts';
import { buildDeb } from '../support/deb.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockedDeb, lockedDebs, lockedToolchain, lockOf } from '../support/lock.ts';
import { writeTree } from '../support/recipe.ts';
import { recordingIo, sha256Of } from '../support/store.ts';
import { file, symlink, tarOf } from '../support/tar.ts';

const { io } = recordingIo();

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

interface Scene {
  readonly recipe: string;
  readonly beside?: Readonly<Record<string, string>>;
  readonly lock: Lock;
  readonly stored?: readonly Uint8Array[];
  readonly rest?: Partial<InventoryInput>;
}

/** The inventory of a build, and what is computed when it is told with changes, with its inputs or without. */
async function scene(entries: readonly Entry[], { recipe, lock, ...more }: Scene) {
  const folder = temporaryFolder();
  await writeTree(folder, { 'recipe.yaml': recipe, ...more.beside });
  const loaded = await loadRecipe('./recipe.yaml', folder);
  const store = await openStore(join(folder, 'cache'));
  for (const bytes of more.stored ?? []) await store.write(once(bytes), sha256Of(bytes));
  const built = await takeInventory({ recipe: loaded, lock, entries, store, ...more.rest }, io);
  const facts = { recipe: loaded, filesBeside: undefined, lock, entries, digests: undefined };
  return {
    built,
    withInputs: (told: Inventory) => recomputeInventory(told, { ...facts, store }, io),
    without: (told: Inventory) => recomputeInventory(told, { ...facts, store: undefined }, io),
  };
}

const ownersIn = ({ files }: Inventory) =>
  Object.fromEntries(files.map(({ path, component }) => [path, component]));

const given = (inventory: Inventory, path: string, component: string | undefined): Inventory => ({
  ...inventory,
  files: inventory.files.map((each) => (each.path === path ? { ...each, component } : each)),
});

const changed = (inventory: Inventory, name: string, fields: Partial<Component>): Inventory => ({
  ...inventory,
  components: inventory.components.map((each) =>
    each.name === name ? { ...each, ...fields } : each,
  ),
});

const mit = { expression: 'MIT', basis: 'says so', texts: [] };

/** The claim of files whose bytes nothing but a build states. */
const noPackageHas = (count: number) => ({
  what: `the bytes of ${count} file${count === 1 ? '' : 's'} that no package has`,
  claimed: 'only a rebuild tells them',
});

const outcomes = (checks: Parameters<typeof outcomeOf>[0][]) => checks.map(outcomeOf);

describe('a published root filesystem', async () => {
  const archive = await tarOf([file('etc/issue', 'welcome'), file('etc/motd', 'hello')]);
  const rootfs = {
    ...{ name: 'rootfs-1.2.tar', url: 'https://example.org/rootfs-1.2.tar' },
    ...{ sha256: sha256Of(archive), trust: { by: 'recipe' } },
  };
  const open = () =>
    scene([file('etc/issue', 'welcome'), file('etc/motd', 'changed')], {
      recipe: `name: demo\nfrom: { minirootfs: { url: "${rootfs.url}", sha256: ${rootfs.sha256} } }\nepoch: 0\n`,
      lock: lockOf('minirootfs', { archive: rootfs }),
      stored: [archive],
    });

  test('is compared with its archive where that is at hand', async () => {
    const { built, withInputs } = await open();
    const id = built.components[0]!.id;
    const found = await withInputs(built);
    expect(found).toMatchObject({ inventory: built, whole: true });
    expect(found.limits).toEqual([expect.objectContaining(noPackageHas(1))]);
    const { inventory } = await withInputs(given(built, 'etc/motd', id));
    expect(ownersIn(inventory)).toEqual({ 'etc/issue': id, 'etc/motd': undefined });
  });

  test('is as told without it, which is listed as not checked', async () => {
    const { built, without } = await open();
    const { inventory, limits, whole } = await without(built);
    expect(inventory).toEqual(built);
    expect(whole).toBe(false);
    expect(limits).toEqual([
      expect.objectContaining(noPackageHas(1)),
      expect.objectContaining({
        what: 'the bytes of 1 file against the locked inputs',
        skipped: 'they are not at hand; --inputs names a bundle of them',
      }),
      expect.objectContaining({
        what: 'licences and owners of paths that only the locked inputs tell',
      }),
    ]);
  });
});

describe('a static program', () => {
  const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Files: *
Copyright: x
License: Expat
`;
  const deb = buildDeb({
    ...{ name: 'musl-dev', version: '1.2.5-3', fields: { Source: 'musl' } },
    files: { 'usr/share/doc/musl-dev/copyright': copyright, 'usr/lib/libc.a': 'archive' },
  });
  const locked = lockedDeb('musl-dev', {
    ...{ version: '1.2.5-3', source: 'musl', sha256: sha256Of(deb.bytes) },
  });
  const lock = lockOf('static', {}, { toolchain: lockedToolchain('gcc-musl', lockedDebs(locked)) });
  const linked: Linked = {
    programs: [
      {
        path: '/demo',
        inputs: [{ file: '/usr/lib/libc.a', members: ['printf.o'], package: 'musl-dev' }],
      },
    ],
    packages: [{ name: 'musl-dev', control: deb.control, copyright }],
  };
  const open = () =>
    scene([file('demo', 'ELF')], {
      recipe: 'name: demo\nfrom: { static: { toolchain: gcc-musl, sources: [main.c] } }\n',
      ...{
        beside: { 'main.c': 'int main;' },
        lock,
        stored: [deb.bytes],
        rest: { record: { linked } },
      },
    });

  test('is linked from what is told, which is claimed; all else comes from lock and package', async () => {
    const { built, withInputs } = await open();
    const { inventory, limits, whole } = await withInputs(built);
    expect(inventory).toEqual(built);
    expect(whole).toBe(true);
    expect(outcomes([...limits])).toEqual(['claimed', 'claimed']);
    for (const forged of [
      { licence: mit, version: '9' },
      { maintainer: 'Me', sha256: 'f' },
    ]) {
      expect((await withInputs(changed(built, 'musl-dev', forged))).inventory).toEqual(built);
    }
  });

  test('has the licence that is told where the package is not at hand, and what the lock pins all the same', async () => {
    const { built, without } = await open();
    const told = changed(built, 'musl-dev', { licence: mit, version: '9', sha256: 'f' });
    const { inventory, limits } = await without(told);
    expect(inventory).toEqual(changed(built, 'musl-dev', { licence: mit }));
    expect(outcomes([...limits])).toEqual(['claimed', 'claimed', 'not checked']);
  });

  test('is linked from no package that the lock does not have', async () => {
    const { built, withInputs } = await open();
    const { inventory } = await withInputs(changed(built, 'musl-dev', { name: 'evil-dev' }));
    expect(inventory.components.map(({ name }) => name)).toEqual(['demo']);
  });
});

describe('a recipe with commands', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const settings = { codename: 'trixie', mirror: '', base: [], required: [], important: [] };
  const database = [
    file('etc/os-release', 'ID=debian\nVERSION_ID="13"\n'),
    file(
      'var/lib/dpkg/status',
      'Package: demo\nStatus: install ok installed\nVersion: 1-1\nArchitecture: amd64\n',
    ),
    file('var/lib/dpkg/info/demo.list', '/kept\n/edited\n'),
    file('var/lib/dpkg/info/demo.md5sums', `${md5('kept')}  kept\n${md5('before')}  edited\n`),
    file('usr/share/doc/demo/copyright', 'words'),
  ];
  const open = () =>
    scene([...database, file('kept', 'kept'), file('edited', 'after'), symlink('made', 'kept')], {
      recipe:
        'name: demo\nfrom: { debootstrap: { distro: debian, suite: trixie } }\nrun: [[/bin/true]]\n',
      lock: lockOf('debootstrap', { debs: lockedDebs(), settings }),
      rest: { beforeRun: [...database, file('kept', 'kept'), file('edited', 'before')] },
    });

  test('made the paths that are told, which is claimed, but none that a package accounts for', async () => {
    const { built, without } = await open();
    const { inventory, limits } = await without(built);
    expect(ownersIn(inventory)).toMatchObject({ edited: 'recipe:run', made: 'recipe:run' });
    expect(ownersIn(inventory)).toEqual(ownersIn(built));
    expect(outcomes([...limits])).toContain('claimed');
    const forged = await without(given(built, 'kept', 'recipe:run'));
    expect(ownersIn(forged.inventory).kept).toMatch(/^pkg:deb\/debian\/demo@/);
    const package_ = ownersIn(built).kept;
    const stolen = await without(given(built, 'edited', package_));
    expect(ownersIn(stolen.inventory).edited).toBeUndefined();
  });
});

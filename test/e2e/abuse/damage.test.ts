import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { blobsOf, wrongBlobs } from '../support/blobs.ts';
import { busyboxRecipe } from '../support/busybox-recipe.ts';
import { everySetting } from '../support/engines.ts';
import { mkbase } from '../support/mkbase.ts';

const folder = folderForEachTest();
const usable = everySetting.filter(({ missing }) => !missing);
const [{ engine } = { engine: 'auto' }] = usable;

/** Turns the lowest bit of the byte in the middle. */
function flipBit(file: string): void {
  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

const diffId = ({ stdout }: { readonly stdout: string }) =>
  (JSON.parse(stdout) as { diffId: string }).diffId;

describe('a stored blob with a flipped bit', () => {
  async function damaged() {
    const work = folder();
    const own = { cwd: work, env: { XDG_CACHE_HOME: join(work, 'cache') } };
    writeFileSync(
      join(work, 'recipe.yaml'),
      'name: damaged\nfrom:\n  debs: { packages: [netbase] }\n',
    );
    const args = ['./recipe.yaml', '--engine', engine, '--json', '--no-test'];
    const before = await mkbase(args, own);
    expect(before).toMatchObject({ code: 0 });
    const blobs = blobsOf(own.env.XDG_CACHE_HOME);
    for (const name of readdirSync(blobs)) flipBit(join(blobs, name));
    rmSync(join(work, 'cache/mkbase/builds'), { recursive: true });
    return { own, args, before, cache: own.env.XDG_CACHE_HOME };
  }

  test('is noticed, told and fetched again', async () => {
    const { own, args, before, cache } = await damaged();
    const again = await mkbase(args, own);
    expect(again).toMatchObject({ code: 0 });
    expect(diffId(again)).toBe(diffId(before));
    const { warnings } = JSON.parse(again.stdout) as { warnings: { code: string }[] };
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'store-damaged' }));
    // Those that were not asked for have not been looked at, and the index is pinned by the lock.
    expect(await mkbase(['update', './recipe.yaml'], own)).toMatchObject({ code: 0 });
    expect(await wrongBlobs(cache)).toEqual([]);
  });

  test('is never used, offline neither', async () => {
    const { own, args } = await damaged();
    const again = await mkbase([...args, '--offline'], own);
    expect(again).toMatchObject({ code: 4, stdout: '' });
    expect(again.stderr).toContain('netbase');
    expect(again.stderr).toContain('code: OFFLINE');
  });
});

const namespace = usable.find((setting) => setting.engine === 'namespace');
const damages: readonly (readonly [string, (rootfs: string) => void])[] = [
  ['a file of which one bit is flipped', (rootfs) => flipBit(join(rootfs, 'usr/bin/busybox'))],
  ['a file that is gone', (rootfs) => rmSync(join(rootfs, 'usr/bin/tar'))],
  ['a file that was emptied', (rootfs) => truncateSync(join(rootfs, 'usr/bin/busybox'), 0)],
  ['a file too many', (rootfs) => writeFileSync(join(rootfs, 'usr/bin/cc'), '#!/bin/sh\n')],
];

describe.skipIf(!namespace)('a builder of the namespace engine', () => {
  test.each(damages)('with %s is made anew, and builds the same', async (_, damage) => {
    const work = folder();
    const { env = {}, ...rest } = namespace?.settings() ?? {};
    const own = { cwd: work, ...rest, env: { ...env, XDG_CACHE_HOME: join(work, 'cache') } };
    const args = [busyboxRecipe(join(work, 'recipe')), '--engine', 'namespace', '--json'];
    const before = await mkbase(args, own);
    expect(before).toMatchObject({ code: 0 });
    const toolchains = join(work, 'cache/mkbase/toolchains');
    const [key = ''] = readdirSync(toolchains);
    const rootfs = join(toolchains, key, 'tree');
    const look = readFileSync(join(toolchains, key, 'look'), 'utf8');
    damage(rootfs);
    // A builder is only asked for where a step has to run.
    for (const name of ['builds', 'nodes']) {
      rmSync(join(work, 'cache/mkbase', name), { recursive: true });
    }
    const again = await mkbase(args, own);
    expect(again).toMatchObject({ code: 0 });
    expect(diffId(again)).toBe(diffId(before));
    const { warnings } = JSON.parse(again.stdout) as { warnings: { code: string }[] };
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'builder-foreign' }));
    expect(readFileSync(join(toolchains, key, 'look'), 'utf8')).not.toBe(look);
  });
});

describe('the record of an earlier build', () => {
  test.each(['', '{', '{}', 'null', '[]', '{"looks":{},"result":{}}'])(
    'that holds %j is not believed',
    async (text) => {
      const work = folder();
      const own = { cwd: work, env: { XDG_CACHE_HOME: join(work, 'cache') } };
      writeFileSync(
        join(work, 'recipe.yaml'),
        'name: damaged\nfrom:\n  debs: { packages: [netbase] }\n',
      );
      const args = ['./recipe.yaml', '--engine', engine, '--json'];
      const before = await mkbase(args, own);
      const builds = join(work, 'cache/mkbase/builds');
      for (const name of readdirSync(builds)) writeFileSync(join(builds, name), text);
      const again = await mkbase(args, own);
      expect(again).toMatchObject({ code: 0 });
      expect(diffId(again)).toBe(diffId(before));
    },
  );
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Image } from '../../../src/image/image.ts';
import { placeImage } from '../../../src/outputs/place.ts';
import { layerDifference } from '../../../src/rootfs/layers/difference.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { inspectImage } from '../../../src/verify/image/inspect-image.ts';
import { layerFinder } from '../../../src/verify/image/layer-finder.ts';
import { readLayers } from '../../../src/verify/image/layers.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { quietIo } from '../../support/image.ts';
import { imageOnBase, layerOf } from '../../support/layers.ts';
import { directory, file, hardlink } from '../../support/tar.ts';

const signal = new AbortController().signal;

const base = [
  directory('etc'),
  file('etc/a', 'a'),
  file('etc/b', 'b'),
  directory('srv'),
  file('srv/x', 'x'),
];

const image = [
  directory('etc'),
  file('etc/a', 'other'),
  file('etc/c', 'c'),
  hardlink('etc/d', 'etc/c'),
];

async function inspect(built: Image) {
  const path = join(temporaryFolder(), 'image.oci.tar');
  const context = { outDir: path, tags: ['a:1'], store: undefined };
  const placed = await placeImage(built, [{ type: 'oci', dest: path }], context, quietIo());
  await placed.commit();
  const found = await inspectImage({ path, name: 'image' }, signal);
  return { ...found, mismatches: found.checks.flatMap(({ mismatches }) => mismatches) };
}

describe('an image of two layers', () => {
  test('is read as the rootfs that they make, path by path and as one tar', async () => {
    const built = await imageOnBase(base, image);
    const { image: found, mismatches, checks } = await inspect(built);
    expect(mismatches).toEqual([]);
    expect(checks.map(({ skipped }) => skipped)).toEqual([undefined, undefined, undefined]);
    expect(found.layer).toMatchObject({ diffId: built.rootfs.diffId, size: built.rootfs.size });
    expect(found.layers?.map(({ diffId }) => diffId)).toEqual(
      built.layers.map(({ diffId }) => diffId),
    );
    expect(found.layer?.paths?.map(({ path, links }) => [path, links])).toEqual([
      ['etc', undefined],
      ['etc/a', 1],
      ['etc/c', 2],
      ['etc/d', 2],
    ]);
  });

  test('is unpacked where its layers are compressed and there is a place for it', async () => {
    const layers = await Promise.all(
      [base, await layerDifference(base, image)].map((entries) => layerOf(entries)),
    );
    const parts = layers.map(({ tar, diffId }) => {
      const packed = gzipSync(readFileSync(tar));
      const file = `${tar}.gz`;
      writeFileSync(file, packed);
      return { file, offset: 0, size: packed.length, sha256: diffId };
    });
    const reading = { finder: layerFinder('layer') };
    const scratch = async () => temporaryFolder();
    const found = await readLayers(parts, 'image', { ...reading, scratch }, signal);
    expect(found.mismatches).toEqual([]);
    expect(found.layers?.map(({ diffId }) => diffId)).toEqual(layers.map(({ diffId }) => diffId));
    expect(found.layer?.diffId).toBe((await imageOnBase(base, image)).rootfs.diffId);
    const nowhere = await readLayers(parts, 'image', reading, signal);
    expect(nowhere.mismatches[0]?.claimed).toContain('is compressed');
  });

  const whiteout = (path: string): Entry => file(path, '');

  test.each<[string, readonly Entry[], RegExp]>([
    ['repeats what is below it', base.slice(0, 2), /the one form/],
    ['takes away what is not there', [whiteout('.wh.usr')], /takes away what is not there/],
    [
      'links to what is not there',
      [directory('etc'), hardlink('etc/z', 'etc/y')],
      /hard link to no/,
    ],
    ['has a whiteout of another form', [directory('srv'), whiteout('srv/.wh.x')], /the one form/],
  ])('is refused where the second %s', async (_, layer, message) => {
    const { mismatches } = await inspect(await imageOnBase(base, image, layer));
    expect(mismatches.map(({ field, claimed }) => `${field} ${claimed}`).join('\n')).toMatch(
      message,
    );
  });

  test('is refused where the first has whiteouts', async () => {
    const { mismatches } = await inspect(await imageOnBase([whiteout('.wh.etc')], image, []));
    expect(mismatches.map(({ claimed }) => claimed).join()).toContain(
      'takes away what is not there',
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { extractRootfs } from '../../src/image/merge-layers.ts';
import { readImage } from '../../src/image/read-image.ts';
import { placeImage } from '../../src/outputs/place.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quietIo } from '../support/image.ts';
import { imageOnBase } from '../support/layers.ts';
import { directory, file } from '../support/tar.ts';

const io = quietIo();
const base = [directory('etc'), file('etc/a', 'a'), file('etc/b', 'b')];
const image = [directory('etc'), file('etc/b', 'other')];

test('an archive of two layers is unpacked to the rootfs that both make', async () => {
  const built = await imageOnBase(base, image);
  const archive = join(temporaryFolder(), 'image.tar');
  const context = { outDir: archive, tags: ['a:1'], store: undefined };
  const placed = await placeImage(built, [{ type: 'docker', dest: archive }], context, io);
  await placed.commit();
  const { layers } = await readImage(archive, io);
  expect(layers.map(({ sha256 }) => sha256)).toEqual(built.layers.map(({ diffId }) => diffId));
  const tar = join(temporaryFolder(), 'rootfs.tar');
  await extractRootfs(layers, archive, tar, io);
  expect(readFileSync(tar)).toEqual(readFileSync(built.rootfs.tar));
  await expect(extractRootfs([...layers].reverse(), archive, tar, io)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringContaining('takes away what is not there'),
  });
});

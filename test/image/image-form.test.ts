import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { imageForm, packedTar } from '../../src/image/image-form.ts';
import { extractRootfs } from '../../src/image/merge-layers.ts';
import { readImage } from '../../src/image/read-image.ts';
import { blobPath, sha256 } from '../../src/oci/blob.ts';
import type { OutputRequest } from '../../src/outputs/contract.ts';
import { placeImage } from '../../src/outputs/place.ts';
import { compressible } from '../support/compressible.ts';
import { temporaryFolder } from '../support/folder.ts';
import { imageOf, makeRootfs, packedImage, plainFile, quietIo } from '../support/image.ts';
import { imageOnBase } from '../support/layers.ts';
import { directory, file } from '../support/tar.ts';

const io = quietIo();

async function sample() {
  const folder = temporaryFolder();
  const rootfs = await makeRootfs(folder, [plainFile('file', compressible(400_000))]);
  return { folder, image: packedImage(imageOf(rootfs)) };
}

describe.each(['gzip', 'zstd'] as const)('an image whose layer is compressed with %s', (form) => {
  async function placed() {
    const { folder, image } = await sample();
    const outputs: OutputRequest[] = [
      { type: 'oci', dest: join(folder, 'a.tar'), compression: form },
      { type: 'oci', dest: `${folder}/layout/`, compression: form },
      { type: 'docker', dest: join(folder, 'd.tar'), compression: form },
    ];
    const context = { outDir: folder, tags: ['a:1'], store: undefined };
    await (await placeImage(image, outputs, context, io)).commit();
    return {
      folder,
      image,
      places: ['a.tar', 'layout', 'd.tar'].map((each) => join(folder, each)),
    };
  }

  test('has the same config and diffID, and another manifest', async () => {
    const { image } = await sample();
    const { manifest, layers } = imageForm(image, form);
    const told = JSON.parse(Buffer.from(manifest.bytes).toString());
    const plain = JSON.parse(Buffer.from(image.manifest.bytes).toString());
    expect(told.config).toEqual(plain.config);
    expect(told.layers).toEqual([
      {
        mediaType: `application/vnd.oci.image.layer.v1.tar+${form}`,
        digest: layers[0]?.sha256,
        size: layers[0]?.size,
      },
    ]);
    expect(manifest.digest).not.toBe(image.manifest.digest);
  });

  test('is read again, and its tar comes out as it went in', async () => {
    const { folder, image, places } = await placed();
    for (const place of places) {
      const found = await readImage(place, io);
      expect(found).toMatchObject({
        manifestDigest: imageForm(image, form).manifest.digest,
        configDigest: image.config.digest,
        layers: [{ compression: form, diffId: image.rootfs.diffId }],
      });
      const copy = join(folder, `${places.indexOf(place)}.copy`);
      await extractRootfs(found.layers, place, copy, io);
      expect(readFileSync(copy).equals(readFileSync(image.rootfs.tar))).toBe(true);
    }
  });

  test('is refused when it unpacks to another tar than the config names', async () => {
    const { folder, image } = await sample();
    const other = Buffer.from(readFileSync(image.rootfs.tar));
    other[100] = other[100]! ^ 1;
    const bytes = execFileSync(form, ['-c'], { input: other });
    const file = join(folder, 'other');
    writeFileSync(file, bytes);
    const layers = [{ file, offset: 0, size: bytes.length, sha256: sha256(bytes) }];
    const { formWith } = await import('../../src/image/image-form.ts');
    const forged = { ...image, forms: [formWith(image, form, layers)] };
    const dest = join(folder, 'forged.tar');
    const request = { type: 'oci', dest, compression: form };
    const context = { outDir: folder, tags: [], store: undefined };
    await expect(placeImage(forged, [request], context, io)).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
      message: expect.stringContaining('unpacks to another tar than its diffID names'),
    });
  });

  test('is refused when it is no whole stream', async () => {
    const { folder, image } = await placed();
    const blob = join(folder, 'layout', blobPath(imageForm(image, form).layers[0]?.sha256 ?? ''));
    writeFileSync(blob, readFileSync(blob).subarray(0, -20));
    await expect(readImage(join(folder, 'layout'), io)).rejects.toMatchObject({
      code: 'IMAGE_MISMATCH',
    });
  });
});

test('a form that nobody asked for is an error of the program', async () => {
  const { image } = await sample();
  const bare = { ...image, packed: [], forms: [] };
  expect(() => imageForm(bare, 'gzip')).toThrow('No layer of the image was compressed with gzip');
  expect(() => packedTar(bare, bare.rootfs, 'xz')).toThrow(
    'No layer of the image was compressed with xz',
  );
});

describe('an image of two layers', () => {
  const base = [directory('etc'), file('etc/a', 'a')];
  const above = [directory('etc'), file('etc/a', 'other')];
  const annotations = { 'com.example.note': 'as the build was asked for' };

  test.each(['gzip', 'zstd'] as const)(
    'has both compressed with %s, and the annotations of the plain form',
    async (form) => {
      const image = packedImage(await imageOnBase(base, above, undefined, { annotations }));
      const { manifest, layers } = imageForm(image, form);
      const told = JSON.parse(Buffer.from(manifest.bytes).toString());
      const plain = JSON.parse(Buffer.from(imageForm(image).manifest.bytes).toString());
      expect(told).toMatchObject({ annotations, config: plain.config });
      expect(plain).toMatchObject({ annotations });
      expect(told.layers).toEqual(
        layers.map(({ sha256: digest, size }) => ({
          mediaType: `application/vnd.oci.image.layer.v1.tar+${form}`,
          digest,
          size,
        })),
      );
      const unpacked = layers.map((layer) =>
        sha256(execFileSync(form, ['-dc'], { input: readFileSync(layer.file) })),
      );
      expect(unpacked).toEqual(image.layers.map(({ diffId }) => diffId));
    },
  );

  test('has its rootfs compressed as one tar, too', async () => {
    const image = packedImage(await imageOnBase(base, above));
    const { file: packed } = packedTar(image, image.rootfs, 'xz');
    const tar = execFileSync('xz', ['-dc'], { input: readFileSync(packed) });
    expect(sha256(tar)).toBe(image.rootfs.diffId);
  });
});

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Image } from '../../src/image/image.ts';
import { extractRootfs } from '../../src/image/merge-layers.ts';
import { readImage } from '../../src/image/read-image.ts';
import { jsonBlob, mediaTypes } from '../../src/oci/blob.ts';
import type { OutputRequest } from '../../src/outputs/contract.ts';
import { placeImage } from '../../src/outputs/place.ts';
import { writeTar } from '../../src/tar/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch, imageOf, makeRootfs, plainFile, quietIo } from '../support/image.ts';

const io = quietIo();

async function placed(fields = {}) {
  const folder = temporaryFolder();
  const rootfs = await makeRootfs(folder, [plainFile('file', Buffer.alloc(300_000, 'x'))]);
  const image = imageOf(rootfs, fields);
  const archive = join(folder, 'image.tar');
  const layout = join(folder, 'layout');
  const outputs: OutputRequest[] = [
    { type: 'docker', dest: archive },
    { type: 'oci', dest: `${layout}/` },
  ];
  const context = { outDir: folder, tags: ['a:1', 'a:2'], store: undefined };
  await (await placeImage(image, outputs, context, io)).commit();
  return { folder, image, archive, layout };
}

const refused = (code: string, message?: string) => ({
  code,
  ...(message && { message: expect.stringContaining(message) }),
});

describe('readImage', () => {
  test('reads what was written, from the archive and from the folder', async () => {
    const fields = { entrypoint: ['/a'], cmd: ['b'], env: { A: 'c' }, workdir: '/w', user: 'u' };
    const { folder, image, archive, layout } = await placed(fields);
    for (const path of [archive, layout]) {
      const found = await readImage(path, io);
      expect(found).toMatchObject({
        platform: 'linux/amd64',
        manifestDigest: image.manifest.digest,
        configDigest: image.config.digest,
        config: { Entrypoint: ['/a'], Cmd: ['b'], Env: ['A=c'], WorkingDir: '/w', User: 'u' },
        layers: [{ sha256: image.rootfs.diffId, size: image.rootfs.size }],
      });
      const copy = join(folder, 'copy.tar');
      await extractRootfs(found.layers, path, copy, io);
      expect(readFileSync(copy)).toEqual(readFileSync(image.rootfs.tar));
      rmSync(copy);
    }
  });

  test('refuses an archive in which any one byte of a blob was changed', async () => {
    const { image, archive } = await placed();
    const bytes = readFileSync(archive);
    const small = [image.config, image.manifest].map((blob) => bytes.indexOf(blob.bytes));
    const layer = bytes.indexOf(Buffer.alloc(1000, 'x'));
    for (const at of [...small.map((start) => start + 20), layer, layer + 299_000]) {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ 1;
      writeFileSync(archive, changed);
      await expect(readImage(archive, io)).rejects.toMatchObject(
        refused('IMAGE_MISMATCH', 'computed: sha256:'),
      );
    }
  });

  test.each([0.1, 0.5, 0.99])('refuses an archive cut at %d', async (part) => {
    const { archive } = await placed();
    const bytes = readFileSync(archive);
    writeFileSync(archive, bytes.subarray(0, Math.floor(bytes.length * part)));
    await expect(readImage(archive, io)).rejects.toMatchObject(refused('ARCHIVE_REFUSED'));
  });

  test('refuses a folder from which a blob is missing', async () => {
    const { layout, image } = await placed();
    const blobs = join(layout, 'blobs/sha256');
    expect(readdirSync(blobs)).toHaveLength(3);
    rmSync(join(blobs, image.config.digest.slice(7)));
    await expect(readImage(layout, io)).rejects.toMatchObject(
      refused('ARCHIVE_REFUSED', `it has no blob ${image.config.digest}`),
    );
  });

  test('says what is missing where there is no image', async () => {
    const folder = temporaryFolder();
    await expect(readImage(folder, io)).rejects.toMatchObject(
      refused('ARCHIVE_REFUSED', 'no OCI image layout'),
    );
    await expect(readImage(join(folder, 'none'), io)).rejects.toMatchObject(refused('IO'));
  });

  test('refuses an archive that holds a file twice', async () => {
    const file = join(temporaryFolder(), 'twice.tar');
    const chunks: Uint8Array[] = [];
    const entry = plainFile('oci-layout', Buffer.from('{}'));
    for await (const chunk of writeTar([entry, entry])) chunks.push(chunk);
    writeFileSync(file, Buffer.concat(chunks));
    await expect(readImage(file, io)).rejects.toMatchObject(
      refused('ARCHIVE_REFUSED', 'oci-layout twice'),
    );
  });

  /** A layout folder of an image whose JSON was made by someone else. */
  function forged(image: Image, change: (json: Record<string, Record<string, unknown>>) => void) {
    const json = {
      config: JSON.parse(Buffer.from(image.config.bytes).toString()),
      manifest: JSON.parse(Buffer.from(image.manifest.bytes).toString()),
      index: {} as Record<string, unknown>,
    };
    change(json);
    const layout = temporaryFolder();
    const blobs = join(layout, 'blobs/sha256');
    mkdirSync(blobs, { recursive: true });
    const config = jsonBlob(mediaTypes.config, json.config);
    const own = { digest: config.digest, size: config.bytes.length, mediaType: mediaTypes.config };
    const manifest = jsonBlob(mediaTypes.manifest, { ...json.manifest, config: own });
    for (const { digest, bytes } of [config, manifest]) {
      writeFileSync(join(blobs, digest.slice(7)), bytes);
    }
    writeFileSync(join(blobs, image.rootfs.diffId.slice(7)), readFileSync(image.rootfs.tar));
    const { digest, mediaType, bytes } = manifest;
    const index = {
      schemaVersion: 2,
      manifests: [{ digest, mediaType, size: bytes.length }],
      ...json.index,
    };
    writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
    writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    return layout;
  }

  const sample = async () =>
    imageOf(await makeRootfs(temporaryFolder(), [plainFile('file', Buffer.from(`${epoch}`))]));

  test('reads an image whose JSON has another form but says the same', async () => {
    const image = await sample();
    const layout = forged(image, ({ config }) => {
      config!.extra = {};
    });
    expect((await readImage(layout, io)).layers[0]?.sha256).toBe(image.rootfs.diffId);
  });

  test.each<[string, Parameters<typeof forged>[1]]>([
    ['no image', ({ index }) => Object.assign(index!, { manifests: [] })],
    ['its index lists no manifests', ({ index }) => Object.assign(index!, { manifests: {} })],
    ['a descriptor is no object', ({ index }) => Object.assign(index!, { manifests: [null] })],
    ['expected application/', ({ index }) => Object.assign(index!, { manifests: [{}] })],
    ['neither one layer nor two', ({ manifest }) => Object.assign(manifest!, { layers: [] })],
    ['neither one layer nor two', ({ manifest }) => Object.assign(manifest!, { layers: 'x' })],
    ['names other layers', ({ config }) => Object.assign(config!, { rootfs: null })],
    ['names other layers', ({ config }) => Object.assign(config!, { rootfs: { diff_ids: ['x'] } })],
    ['it is for plan9/amd64', ({ config }) => Object.assign(config!, { os: 'plan9' })],
    [
      'it is for linux/toString',
      ({ config }) => Object.assign(config!, { architecture: 'toString' }),
    ],
    ['its config is no object', ({ config }) => Object.assign(config!, { config: [] })],
    ['Cmd is no list of texts', ({ config }) => Object.assign(config!, { config: { Cmd: 'x' } })],
    ['Env is no list of texts', ({ config }) => Object.assign(config!, { config: { Env: [1] } })],
    ['User is no text', ({ config }) => Object.assign(config!, { config: { User: 0 } })],
  ])('refuses an image of which it says "%s"', async (message, change) => {
    const layout = forged(await sample(), change);
    await expect(readImage(layout, io)).rejects.toMatchObject(refused('ARCHIVE_REFUSED', message));
  });

  test.each(['[]', 'null', '{', '"x"', ''])('refuses the index %j', async (text) => {
    const layout = forged(await sample(), () => undefined);
    writeFileSync(join(layout, 'index.json'), text);
    await expect(readImage(layout, io)).rejects.toMatchObject(
      refused('ARCHIVE_REFUSED', 'its index is no JSON object'),
    );
  });

  test('never follows a digest out of the layout', async () => {
    const layout = forged(await sample(), ({ index }) => {
      const digest = 'sha256:../../../../etc/passwd';
      Object.assign(index!, { manifests: [{ mediaType: mediaTypes.manifest, digest, size: 1 }] });
    });
    await expect(readImage(layout, io)).rejects.toMatchObject(
      refused('ARCHIVE_REFUSED', 'is no sha256 digest'),
    );
  });
});

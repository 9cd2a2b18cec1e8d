import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readImage, readLayout } from '../../src/image/read-image.ts';
import { jsonBlob, mediaTypes } from '../../src/oci/blob.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quietIo } from '../support/image.ts';
import { joinImages, twoPlatforms } from '../support/image-set.ts';

const io = quietIo();

/** The parts of an index that the tests change. */
interface IndexJson {
  manifests: {
    digest: string;
    mediaType: string;
    platform?: Record<string, string>;
    annotations?: Record<string, string>;
  }[];
  [more: string]: unknown;
}

let layout: string;
beforeEach(async () => {
  const outDir = temporaryFolder();
  layout = join(outDir, 'layout');
  const { plan, results } = await twoPlatforms(outDir, [{ type: 'oci', dest: `${layout}/` }]);
  await joinImages(plan, results);
});

const top = (): IndexJson => JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
const blob = (digest: string) => join(layout, 'blobs', digest.replace(':', '/'));

/** Writes the index anew as `change` leaves it, under its new digest, so that all sums are consistent. */
function changeIndex(change: (index: IndexJson) => void): void {
  const outer = top();
  const [entry] = outer.manifests;
  if (entry === undefined) throw new Error('no index');
  const index: IndexJson = JSON.parse(readFileSync(blob(entry.digest), 'utf8'));
  change(index);
  const { digest, bytes } = jsonBlob(mediaTypes.index, index);
  writeFileSync(blob(digest), bytes);
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ ...outer, manifests: [{ ...entry, digest, size: bytes.length }] }),
  );
}

describe('a layout of several platforms', () => {
  test('gives the image of each platform, and by itself that of this machine', async () => {
    const { images } = await readLayout(layout, io);
    expect(images.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    for (const { platform, manifestDigest } of images) {
      expect((await readImage(layout, io, platform)).manifestDigest).toBe(manifestDigest);
    }
    const own = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
    expect((await readImage(layout, io)).platform).toBe(own);
  });

  const refusals: readonly [string, string, (index: IndexJson) => void][] = [
    [
      'an image under the name of another platform',
      'its index says',
      ({ manifests: [one, other] }) => {
        if (one && other)
          [one.platform, other.platform] = [other.platform ?? {}, one.platform ?? {}];
      },
    ],
    [
      'an image that stands there twice',
      'lists linux/amd64 twice',
      ({ manifests }) => {
        if (manifests[0]) manifests.push(manifests[0]);
      },
    ],
    [
      'an entry that says nothing of its platform',
      'its index says {}',
      ({ manifests }) => {
        delete manifests[0]?.platform;
      },
    ],
    [
      'a platform with a field that no reader of mkbase has',
      'its index says',
      ({ manifests }) => {
        Object.assign(manifests[0]?.platform ?? {}, { 'os.version': '1' });
      },
    ],
    [
      'a name inside the index',
      'a name inside the index',
      ({ manifests }) => {
        Object.assign(manifests[1] ?? {}, {
          annotations: { 'org.opencontainers.image.ref.name': 'latest' },
        });
      },
    ],
    [
      'an index in the index',
      `expected ${mediaTypes.manifest}, found ${mediaTypes.index}`,
      ({ manifests }) => {
        if (manifests[0]) manifests[0].mediaType = mediaTypes.index;
      },
    ],
    [
      'an image that the index no longer lists',
      'nothing in the image names it',
      ({ manifests }) => {
        manifests.pop();
      },
    ],
    [
      'an index of nothing',
      'its index lists no images',
      (index) => {
        index.manifests = [];
      },
    ],
    [
      'a field of another kind of document',
      'config',
      (index) => {
        index.config = {};
      },
    ],
  ];
  test.each(refusals)('is refused for %s', async (_, message, change) => {
    // The index that was there before is a blob that nothing names any more, as one that is swapped would be.
    const before = readdirSync(join(layout, 'blobs', 'sha256'));
    changeIndex(change);
    expect(readdirSync(join(layout, 'blobs', 'sha256')).length).toBeGreaterThanOrEqual(
      before.length,
    );
    await expect(readLayout(layout, io)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining(message),
    });
  });

  test('is refused when a blob of any of its platforms is another', async () => {
    const { images } = await readLayout(layout, io);
    for (const layer of images.flatMap(({ layers }) => layers)) {
      const bytes = readFileSync(layer.file);
      writeFileSync(layer.file, Buffer.concat([bytes, Buffer.from([0])]));
      await expect(readLayout(layout, io)).rejects.toMatchObject({ code: 'IMAGE_MISMATCH' });
      writeFileSync(layer.file, bytes);
    }
    await expect(readLayout(layout, io)).resolves.toBeDefined();
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchImage, findImage } from '../../src/attach/fetch-image.ts';
import { remoteContent } from '../../src/attach/remote-content.ts';
import { hostPlatform } from '../../src/base/platform.ts';
import { type Blob, jsonBlob, mediaTypes } from '../../src/oci/blob.ts';
import { pushShipment } from '../../src/registry/push.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quietIo } from '../support/image.ts';
import { openIn, registryOf, sampleImage } from '../support/registry/open.ts';
import { digestOf } from '../support/registry/registry.ts';

const io = quietIo();
const own = { os: 'linux', architecture: hostPlatform().ociArchitecture };
const other = { os: 'linux', architecture: 's390x' };
const [one, two] = [sampleImage('one'), sampleImage('two')];

const entry = ({ mediaType, digest, bytes }: Blob, platform?: object) => ({
  ...{ mediaType, digest, size: bytes.length },
  ...(platform && { platform }),
});

const indexOf = (...manifests: object[]): Blob =>
  jsonBlob(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });

/** A registry with two images and whatever else is put there. */
async function filled(...more: Blob[]) {
  const registry = await registryOf();
  const repository = await openIn(registry);
  const manifests = [one.manifest, two.manifest, ...more];
  await pushShipment(repository, { blobs: [...one.blobs, ...two.blobs], manifests }, {}, io);
  const content = remoteContent(repository);
  return { registry, content, find: (digest: string) => findImage(content, { digest }, io) };
}

test('of an index, it is the image for this machine', async () => {
  const index = indexOf(entry(one.manifest, other), entry(two.manifest, own));
  const { find } = await filled(index);
  expect((await find(index.digest)).digest).toBe(two.manifest.digest);
});

test('of an index with one image it is that one, and attestations are none', async () => {
  const unknown = { os: 'unknown', architecture: 'unknown' };
  const index = indexOf(entry(two.manifest, unknown), entry(one.manifest, other));
  const { find } = await filled(index);
  expect((await find(index.digest)).digest).toBe(one.manifest.digest);
});

test('an index without an image for this machine is told with those that it has', async () => {
  const index = indexOf(
    entry(one.manifest, other),
    entry(two.manifest, { os: 'linux', architecture: 'arm', variant: 'v7' }),
  );
  const { find } = await filled(index);
  await expect(find(index.digest)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(`linux/arm/v7 ${two.manifest.digest}`),
  });
});

test('an index in an index is refused', async () => {
  const inner = indexOf(entry(one.manifest, own));
  const index = indexOf(entry(inner, own));
  const { find } = await filled(inner, index);
  await expect(find(index.digest)).rejects.toMatchObject({ code: 'REGISTRY_CORRUPT' });
});

test.each([
  ['a size that is none', { size: -1 }],
  ['a size beyond all bounds', { size: 1e15 }],
  ['a digest of another kind', { digest: 'sha512:00' }],
  ['a digest that leads elsewhere', { digest: 'sha256:../../../etc/passwd' }],
])('a layer with %s is refused before anything is written', async (_, wrong) => {
  const { registry, content } = await filled();
  const layer = {
    mediaType: mediaTypes.layer,
    digest: digestOf(Buffer.from('x')),
    size: 1,
    ...wrong,
  };
  const value = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: layer,
    layers: [layer],
  };
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = digestOf(bytes);
  registry.manifests.set(`team/app ${digest}`, { type: mediaTypes.manifest, bytes });
  const folder = join(temporaryFolder(), 'layout');
  const manifest = await findImage(content, { digest }, io);
  await expect(fetchImage(content, manifest, folder, io)).rejects.toMatchObject({
    code: 'REGISTRY_CORRUPT',
  });
  expect(existsSync(join(folder, 'index.json'))).toBe(false);
});

test('a manifest of more layers than any image has is refused', async () => {
  const { registry, content } = await filled();
  const layer = { mediaType: mediaTypes.layer, digest: digestOf(Buffer.from('x')), size: 1 };
  const layers = Array.from({ length: 129 }, () => layer);
  const value = { schemaVersion: 2, mediaType: mediaTypes.manifest, config: layer, layers };
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = digestOf(bytes);
  registry.manifests.set(`team/app ${digest}`, { type: mediaTypes.manifest, bytes });
  const manifest = await findImage(content, { digest }, io);
  await expect(
    fetchImage(content, manifest, join(temporaryFolder(), 'layout'), io),
  ).rejects.toMatchObject({
    code: 'REGISTRY_CORRUPT',
    message: expect.stringContaining('129 layers'),
  });
});

test('what was fetched is a layout of one image', async () => {
  const { content, find } = await filled();
  const manifest = await find(one.manifest.digest);
  const folder = join(temporaryFolder(), 'layout');
  await fetchImage(content, manifest, folder, io);
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  expect(index.manifests).toMatchObject([{ digest: one.manifest.digest }]);
  for (const { digest } of [...one.blobs, one.manifest]) {
    const path = join(folder, 'blobs', digest.replace(':', '/'));
    expect(digestOf(readFileSync(path))).toBe(digest);
  }
});

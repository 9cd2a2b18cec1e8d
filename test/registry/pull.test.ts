import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonBlob, mediaTypes } from '../../src/oci/blob.ts';
import { getManifest, headManifest, putManifest } from '../../src/registry/manifests.ts';
import { pullBlob } from '../../src/registry/pull.ts';
import { pushShipment } from '../../src/registry/push.ts';
import { temporaryFolder } from '../support/folder.ts';
import { serve } from '../support/http-server.ts';
import { quietIo } from '../support/image.ts';
import {
  dockerConfig,
  loggedIn,
  openIn,
  registryOf,
  sampleImage,
  sourceOf,
} from '../support/registry/open.ts';
import { digestOf, type RegistryFaults } from '../support/registry/registry.ts';

const io = quietIo();
const image = sampleImage();
const { digest } = image.manifest;
const bytes = Buffer.from('0123456789'.repeat(10_000));
const blob = { mediaType: mediaTypes.layer, digest: digestOf(bytes), size: bytes.length };

async function filled(faults: RegistryFaults = {}, access?: Parameters<typeof registryOf>[1]) {
  const registry = await registryOf({}, access);
  const env = dockerConfig(loggedIn(registry.domain, 'me', 'pw'));
  const repository = await openIn(registry, 'team/app', env);
  const shipment = { ...image, blobs: [...image.blobs, sourceOf(bytes)] };
  await pushShipment(repository, shipment, {}, io);
  await putManifest(repository, image.manifest, 'v1', io);
  Object.assign(registry.faults, faults);
  const path = join(temporaryFolder(), 'blob');
  return { registry, repository, path };
}

test('a manifest is read by tag and by digest, and its bytes are those that were pushed (end-3)', async () => {
  const { repository } = await filled();
  for (const which of [{ tag: 'v1' }, { digest }]) {
    const found = await getManifest(repository, which, io);
    expect(found).toMatchObject({ digest, mediaType: mediaTypes.manifest });
    expect(Buffer.from(found?.bytes ?? [])).toEqual(Buffer.from(image.manifest.bytes));
    expect(await headManifest(repository, which, io)).toBe(digest);
  }
  expect(await getManifest(repository, { tag: 'none' }, io)).toBeUndefined();
  expect(await headManifest(repository, { tag: 'none' }, io)).toBeUndefined();
});

test.each([{ tag: 'v1' }, { digest }])(
  'a manifest under another digest is refused: %j',
  async (which) => {
    const otherManifest = Buffer.from(sampleImage('evil').manifest.bytes);
    const { repository } = await filled({ otherManifest });
    await expect(getManifest(repository, which, io)).rejects.toMatchObject({
      code: 'REGISTRY_CORRUPT',
      message: expect.stringContaining(digestOf(otherManifest)),
    });
  },
);

test('a manifest without an end is given up', async () => {
  const { repository } = await filled({ endlessManifest: true });
  await expect(getManifest(repository, { tag: 'v1' }, io)).rejects.toMatchObject({
    code: 'REGISTRY_CORRUPT',
    message: expect.stringContaining('larger than the 4194304 bytes'),
  });
});

const oci = { schemaVersion: 2, mediaType: mediaTypes.manifest };

test.each([
  ['that is an index, too (CVE-2021-41190)', { ...oci, layers: [], manifests: [] }],
  ['of another media type', { ...oci, mediaType: 'text/html' }],
  [
    'whose media type is not that of the answer',
    { ...oci, mediaType: mediaTypes.index, manifests: [] },
  ],
  ['that is no object', 'a text'],
])('a manifest %s is refused', async (_, value) => {
  const { registry, repository } = await filled();
  const { bytes: made } = jsonBlob(mediaTypes.manifest, value as object);
  const other = { type: mediaTypes.manifest, bytes: Buffer.from(made) };
  registry.manifests.set(`team/app ${digestOf(other.bytes)}`, other);
  await expect(
    getManifest(repository, { digest: digestOf(other.bytes) }, io),
  ).rejects.toMatchObject({ code: 'REGISTRY_CORRUPT' });
});

test('a manifest with a key twice is refused', async () => {
  const { registry, repository } = await filled();
  const text = `{"schemaVersion":2,"layers":[],"layers":[{}],"mediaType":"${mediaTypes.manifest}"}`;
  const other = { type: mediaTypes.manifest, bytes: Buffer.from(text) };
  registry.manifests.set(`team/app ${digestOf(other.bytes)}`, other);
  await expect(
    getManifest(repository, { digest: digestOf(other.bytes) }, io),
  ).rejects.toMatchObject({ code: 'REGISTRY_CORRUPT', message: expect.stringContaining('twice') });
});

test('a blob is fetched and checked (end-2)', async () => {
  const { repository, path } = await filled();
  await pullBlob(repository, blob, path, () => {}, io);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('a blob that is cut is gone on with from where it stopped', async () => {
  const { registry, repository, path } = await filled({ cutBlobs: 1 });
  await pullBlob(repository, blob, path, () => {}, io);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  const ranges = registry.server.requests.map(({ headers }) => headers.range).filter(Boolean);
  expect(ranges).toEqual([`bytes=${bytes.length / 2}-`]);
});

test.each([
  ['swapped', { swapBlobs: true }],
  ['endless', { endlessBlobs: true }],
] as const)('a blob that is %s is refused and leaves no file', async (_, faults) => {
  const { repository, path } = await filled(faults);
  await expect(pullBlob(repository, blob, path, () => {}, io)).rejects.toMatchObject({
    code: 'REGISTRY_CORRUPT',
  });
  expect(existsSync(path)).toBe(false);
});

test('a blob that is not there is told', async () => {
  const { repository, path } = await filled();
  const absent = { ...blob, digest: digestOf(Buffer.from('absent')) };
  await expect(pullBlob(repository, absent, path, () => {}, io)).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('404'),
  });
});

test.each(['basic', 'token'] as const)(
  'a redirect to another host gets no credentials (%s)',
  async (kind) => {
    const { registry, repository, path } = await filled({}, { kind, user: 'me', password: 'pw' });
    const elsewhere = await serve(new Map([['/blob', bytes]]));
    Object.assign(registry.faults, { redirect: `${elsewhere.url}/blob` });
    await pullBlob(repository, blob, path, () => {}, io);
    await elsewhere.close();
    expect(registry.server.requests.some(({ headers }) => headers.authorization)).toBe(true);
    expect(elsewhere.requests).toHaveLength(1);
    expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
  },
);

test('a tag that moves between two requests is read once', async () => {
  const { registry, repository } = await filled();
  const other = sampleImage('other');
  await pushShipment(repository, other, {}, io);
  registry.faults.afterManifest = () => registry.tags.set('team/app:v1', other.manifest.digest);
  const found = await getManifest(repository, { tag: 'v1' }, io);
  expect(found?.digest).toBe(digest);
  // The digest that was found stands for the image from then on.
  expect((await getManifest(repository, { digest: found?.digest ?? '' }, io))?.digest).toBe(digest);
});

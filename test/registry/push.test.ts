import { expect, test } from 'vitest';
import { jsonBlob, mediaTypes } from '../../src/oci/blob.ts';
import { pushShipment, tagManifest } from '../../src/registry/push.ts';
import { quietIo } from '../support/image.ts';
import {
  dockerConfig,
  openIn,
  registryOf,
  sampleImage,
  streamOf,
} from '../support/registry/open.ts';
import type { RegistryFaults } from '../support/registry/registry.ts';

const io = quietIo();
const image = sampleImage();
const { digest } = image.manifest;

async function pushed(faults?: RegistryFaults, tag = 'v1') {
  const registry = await registryOf(faults);
  const push = async (limits = {}) => {
    const repository = await openIn(registry, 'team/app', dockerConfig(), limits);
    await pushShipment(repository, image, {}, io);
    await tagManifest(repository, image.manifest, tag, io);
  };
  return { registry, push };
}

test('blobs come before the manifest, and the tag comes last', async () => {
  const { registry, push } = await pushed();
  await push();
  const asked = registry.asked();
  const last = (word: string) => asked.findLastIndex((each) => each.startsWith(word));
  const uploads = last('PUT /v2/team/app/blobs/uploads/');
  const manifest = last(`PUT /v2/team/app/manifests/${digest}`);
  expect(uploads).toBeLessThan(manifest);
  expect(manifest).toBeLessThan(last('PUT /v2/team/app/manifests/v1'));
  expect(asked.at(-1)).toBe('PUT /v2/team/app/manifests/v1');
  expect(registry.tags).toEqual(new Map([['team/app:v1', digest]]));
});

test('a second push asks by HEAD and sends nothing', async () => {
  const { registry, push } = await pushed();
  await push();
  const before = registry.asked().length;
  await push();
  const methods = registry
    .asked()
    .slice(before)
    .map((each) => each.split(' ')[0]);
  expect(new Set(methods)).toEqual(new Set(['GET', 'HEAD']));
  // GET is for the base of the API alone.
  expect(methods.filter((method) => method === 'GET')).toHaveLength(1);
});

test('a blob that is missing is sent again, and only that one', async () => {
  const { registry, push } = await pushed();
  await push();
  const [layer] = image.blobs;
  registry.blobs.delete(`team/app ${layer?.digest}`);
  const before = registry.asked().length;
  await push();
  const sent = registry
    .asked()
    .slice(before)
    .filter((each) => each.startsWith('PUT'));
  expect(sent).toEqual(['PUT /v2/team/app/blobs/uploads/']);
});

test('a blob of another repository is mounted, and not sent (end-11)', async () => {
  const { registry, push } = await pushed();
  await push();
  const before = registry.asked().length;
  const other = await openIn(registry, 'team/copy');
  await pushShipment(other, image, { from: { domain: registry.domain, path: 'team/app' } }, io);
  const asked = registry.asked().slice(before);
  expect(asked.filter((each) => each.startsWith('PUT'))).toEqual([
    `PUT /v2/team/copy/manifests/${digest}`,
  ]);
  expect(asked.filter((each) => /^POST .*mount=sha256.*from=team%2Fapp/.test(each))).toHaveLength(
    2,
  );
});

test('a mount that the registry does not make becomes an upload (end-4a)', async () => {
  const { registry } = await pushed();
  const repository = await openIn(registry, 'team/copy');
  await pushShipment(
    repository,
    image,
    { from: { domain: registry.domain, path: 'none/there' } },
    io,
  );
  expect(registry.blobs.size).toBe(2);
});

test('an index follows the images that it names', async () => {
  const registry = await registryOf();
  const [one, two] = [sampleImage('one'), sampleImage('two')];
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [one, two].map(({ manifest: { mediaType, digest: each, bytes } }) => ({
      ...{ mediaType, digest: each, size: bytes.length },
    })),
  });
  const shipment = {
    blobs: [...one.blobs, ...two.blobs],
    manifests: [one.manifest, two.manifest, index],
  };
  const repository = await openIn(registry);
  await pushShipment(repository, shipment, {}, io);
  await tagManifest(repository, index, 'all', io);
  expect(registry.tags.get('team/app:all')).toBe(index.digest);
  expect(registry.manifests.size).toBe(3);
});

test('uploads that are cut in the middle are made again', async () => {
  const { registry, push } = await pushed({ cutUploads: 2 });
  await push();
  expect(registry.tags.get('team/app:v1')).toBe(digest);
});

test('an upload that is cut again and again leaves no tag', async () => {
  const { registry, push } = await pushed({ cutUploads: 100 });
  await expect(push()).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
  expect(registry.tags.size).toBe(0);
  expect(registry.manifests.size).toBe(0);
});

test.each([429, 500, 502, 503, 504])('an answer of %d is tried again', async (status) => {
  const { registry, push } = await pushed({ busy: { times: 2, status, retryAfter: 0 } });
  await push();
  expect(registry.tags.get('team/app:v1')).toBe(digest);
});

test('a registry that stays busy is told, and nothing is tagged', async () => {
  const { registry, push } = await pushed({ busy: { times: 1000, status: 503, retryAfter: 3600 } });
  await expect(push()).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('answers 503 to'),
  });
  expect(registry.tags.size).toBe(0);
  expect(registry.asked().length).toBeLessThan(20);
});

test('an upload that is refused before its end is told', async () => {
  const { registry } = await pushed({ refuseUploads: 413 });
  const large = streamOf(Buffer.alloc(5_000_000, 'a'));
  const repository = await openIn(registry);
  await expect(
    pushShipment(repository, { blobs: [large], manifests: [] }, {}, io),
  ).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringMatching(/answers 413 .*SIZE_INVALID|the connection was cut/),
  });
});

test('a registry that takes an upload and never answers is given up', async () => {
  const { push } = await pushed({ silentUploads: true });
  await expect(push({ retries: 0, settling: 100 })).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('it takes nothing more'),
  });
});

test('a registry that took something else is not believed', async () => {
  const { registry, push } = await pushed({ wrongDigest: true });
  await expect(push()).rejects.toMatchObject({
    code: 'REGISTRY_CORRUPT',
    message: expect.stringContaining('for another one'),
  });
  expect(registry.tags.size).toBe(0);
});

test('what the registry refuses is told with its own words', async () => {
  const { registry } = await pushed();
  const repository = await openIn(registry);
  const pushing = pushShipment(repository, { blobs: [], manifests: image.manifests }, {}, io);
  await expect(pushing).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('MANIFEST_BLOB_UNKNOWN: MANIFEST_BLOB_UNKNOWN of the test'),
  });
});

test.each([
  ['ftp://127.0.0.1/x', 'which is refused'],
  ['http://[', 'which is no URL'],
])('an upload is not sent to %s', async (uploadTo, why) => {
  const { registry, push } = await pushed({ uploadTo });
  await expect(push()).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining(why),
  });
  expect(registry.tags.size).toBe(0);
});

test('an upload elsewhere gets no credentials', async () => {
  const elsewhere = await registryOf();
  const uploadTo = `${elsewhere.server.url}/v2/team/app/blobs/uploads/x`;
  const access = { kind: 'basic', user: 'me', password: 'secret' } as const;
  const registry = await registryOf({ uploadTo }, access);
  const auth = Buffer.from('me:secret').toString('base64');
  const env = dockerConfig({ auths: { [registry.domain]: { auth } } });
  await expect(
    pushShipment(await openIn(registry, 'team/app', env), image, {}, io),
  ).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
  expect(registry.server.requests.some(({ headers }) => headers.authorization)).toBe(true);
  expect(elsewhere.server.requests.length).toBeGreaterThan(0);
  expect(elsewhere.server.requests.some(({ headers }) => headers.authorization)).toBe(false);
});

test('of two pushes of one tag at once each is whole, and one of them has the tag', async () => {
  const registry = await registryOf();
  const images = [sampleImage('one'), sampleImage('two')];
  await Promise.all(
    images.map(async (each) => {
      const repository = await openIn(registry);
      await pushShipment(repository, each, {}, io);
      await tagManifest(repository, each.manifest, 'v1', io);
    }),
  );
  expect(images.map((each) => each.manifest.digest)).toContain(registry.tags.get('team/app:v1'));
  expect(registry.blobs.size).toBe(4);
});

test('a push that is interrupted ends as such and leaves no tag', async () => {
  const { registry } = await pushed();
  const stop = new AbortController();
  const repository = await openIn(registry);
  const slow = {
    ...streamOf(Buffer.alloc(100_000, 'a')),
    async *bytes() {
      yield Buffer.alloc(1000, 'a');
      stop.abort();
      await new Promise(() => {});
    },
  };
  const pushing = pushShipment(
    repository,
    { blobs: [slow], manifests: [] },
    {},
    quietIo(stop.signal),
  );
  await expect(pushing).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(registry.tags.size + registry.blobs.size).toBe(0);
});

test('a blob whose bytes are others than its digest says is refused', async () => {
  const { registry } = await pushed();
  const repository = await openIn(registry);
  const wrong = { ...streamOf(Buffer.from('right')), bytes: () => Buffer.from('wrong') };
  await expect(
    pushShipment(repository, { blobs: [wrong], manifests: [] }, {}, io),
  ).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('DIGEST_INVALID'),
  });
});

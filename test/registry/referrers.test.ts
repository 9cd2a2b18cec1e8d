import { expect, test } from 'vitest';
import { describe as descriptorOf } from '../../src/oci/blob.ts';
import type { Attachment } from '../../src/registry/artifact.ts';
import { getManifest, putManifest } from '../../src/registry/manifests.ts';
import { attach, pushShipment } from '../../src/registry/push.ts';
import { fallbackTag, listReferrers } from '../../src/registry/referrers.ts';
import { quietIo } from '../support/image.ts';
import { openIn, registryOf, sampleImage, sourceOf } from '../support/registry/open.ts';
import type { RegistryFaults } from '../support/registry/registry.ts';

const io = quietIo();
const image = sampleImage();
const subject = descriptorOf(image.manifest);
const tag = fallbackTag(subject.digest);

const attachment = (text: string): Attachment => ({
  artifactType: `application/vnd.test.${text}`,
  annotations: { about: text },
  files: [
    {
      ...sourceOf(Buffer.from(text)),
      mediaType: 'text/plain',
      annotations: { 'org.opencontainers.image.title': `${text}.txt` },
    },
  ],
});

async function filled(faults: RegistryFaults = {}) {
  const registry = await registryOf(faults);
  const repository = await openIn(registry);
  await pushShipment(repository, image, {}, io);
  const attached = async () => {
    const found = await listReferrers(repository, subject.digest, io);
    return found
      .map(({ artifactType }) => artifactType.replace('application/vnd.test.', ''))
      .sort();
  };
  return { registry, repository, attached };
}

test('what is attached is listed by the registry, which keeps no tag for it (end-12a)', async () => {
  const { registry, repository, attached } = await filled();
  await attach(repository, subject, [attachment('one'), attachment('two')], io);
  expect(await attached()).toEqual(['one', 'two']);
  expect(registry.tags.size).toBe(0);
});

test('an artifact has the empty config, its type, its subject and its words (image-spec 1.1)', async () => {
  const { repository } = await filled();
  await attach(repository, subject, [attachment('one')], io);
  const [found] = await listReferrers(repository, subject.digest, io);
  expect(found).toMatchObject({ annotations: { about: 'one' } });
  const { value } = (await getManifest(repository, { digest: found?.digest ?? '' }, io)) ?? {};
  expect(value).toMatchObject({
    schemaVersion: 2,
    artifactType: 'application/vnd.test.one',
    config: { mediaType: 'application/vnd.oci.empty.v1+json', size: 2 },
    layers: [{ mediaType: 'text/plain', size: 3 }],
    subject,
    annotations: { about: 'one' },
  });
});

test('without the API they are listed under the fallback tag, with type and words', async () => {
  const { registry, repository, attached } = await filled({ noReferrers: true });
  await attach(repository, subject, [attachment('one')], io);
  await attach(repository, subject, [attachment('two')], io);
  expect(await attached()).toEqual(['one', 'two']);
  const { value } = (await getManifest(repository, { tag }, io)) ?? {};
  expect(value).toMatchObject({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      { artifactType: 'application/vnd.test.one', annotations: { about: 'one' } },
      { artifactType: 'application/vnd.test.two' },
    ],
  });
  expect([...registry.tags.keys()]).toEqual([`team/app:${tag}`]);
});

test.each([{}, { noReferrers: true }])(
  'what is attached already is not sent again: %j',
  async (faults) => {
    const { registry, repository, attached } = await filled(faults);
    await attach(repository, subject, [attachment('one')], io);
    const before = registry.asked().length;
    await attach(repository, subject, [attachment('one')], io);
    expect(
      registry
        .asked()
        .slice(before)
        .filter((each) => !each.startsWith('GET')),
    ).toEqual([]);
    expect(await attached()).toEqual(['one']);
  },
);

test('what a race with others has lost from the list is listed again by the next attach', async () => {
  const { registry, repository, attached } = await filled({ noReferrers: true });
  let raced = false;
  registry.faults.beforeTag = async () => {
    if (raced) return;
    raced = true;
    await attach(await openIn(registry), subject, [attachment('other')], io);
  };
  await attach(repository, subject, [attachment('one')], io);
  // No registry has a lock: who writes last knows nothing of who wrote in between.
  expect(await attached()).toEqual(['one']);
  await attach(repository, subject, [attachment('other'), attachment('one')], io);
  expect(await attached()).toEqual(['one', 'other']);
});

test('a list of several pages is read to its end', async () => {
  const { repository, attached } = await filled({ pages: true });
  await attach(repository, subject, ['a', 'b', 'c'].map(attachment), io);
  expect(await attached()).toEqual(['a', 'b', 'c']);
});

test('a list without an end is given up', async () => {
  const { registry, repository, attached } = await filled({ pages: true });
  await attach(repository, subject, ['a', 'b'].map(attachment), io);
  registry.faults.endlessPages = true;
  await expect(attached()).rejects.toMatchObject({
    code: 'REGISTRY_CORRUPT',
    message: expect.stringContaining('has no end'),
  });
});

test('an image to which nothing is attached has no referrers', async () => {
  for (const faults of [{}, { noReferrers: true }]) {
    const { attached } = await filled(faults);
    expect(await attached()).toEqual([]);
  }
});

test('a fallback tag that is an image is no list', async () => {
  const { repository, attached } = await filled({ noReferrers: true });
  await putManifest(repository, image.manifest, tag, io);
  expect(await attached()).toEqual([]);
});

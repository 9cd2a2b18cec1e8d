import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describe as descriptorOf } from '../../src/oci/blob.ts';
import { attach } from '../../src/registry/push.ts';
import { listReferrers } from '../../src/registry/referrers.ts';
import { quietIo } from '../support/image.ts';
import { openIn, registryOf, sourceOf } from '../support/registry/open.ts';
import { buildSample, keyPair, push, verified } from '../support/registry/pushed.ts';
import type { RegistryFaults } from '../support/registry/registry.ts';

const io = quietIo();

const pushed = async (faults: RegistryFaults = {}) => {
  const registry = await registryOf(faults);
  const built = await buildSample();
  const ref = `${registry.domain}/team/app:v1`;
  await push(built, ref);
  const attached = async () =>
    listReferrers(await openIn(registry), built.image.manifest.digest, io);
  return { registry, built, ref, attached };
};

describe.each([
  ['that lists referrers', {}],
  ['that does not, by the fallback tag', { noReferrers: true }],
] as const)('in a registry %s', (_, faults) => {
  test('each file of evidence is found by its type, and by the words that other tools look for', async () => {
    const { built, attached } = await pushed(faults);
    const { sign } = await keyPair();
    await sign(built.folder);
    const { registry, ref } = await pushed(faults);
    await push(built, `${registry.domain}/team/signed:v1`);
    const found = await listReferrers(
      await openIn(registry, 'team/signed'),
      built.image.manifest.digest,
      io,
    );
    expect(ref).toContain('team/app');
    expect((await attached()).map(({ artifactType }) => artifactType).sort()).toEqual([
      'application/spdx+json',
      'application/vnd.cyclonedx+json',
      'application/vnd.in-toto+json',
      'application/vnd.mkbase.evidence.v1',
      'application/vnd.mkbase.lock.v1+json',
      'application/vnd.mkbase.mtree.v1',
    ]);
    const words = found.map(({ artifactType, annotations = {} }) => [artifactType, annotations]);
    expect(words).toContainEqual([
      'application/vnd.in-toto+json',
      { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' },
    ]);
    for (const predicateType of [
      'https://slsa.dev/provenance/v1',
      'https://spdx.dev/Document/v2.3',
      'https://cyclonedx.org/bom',
    ]) {
      expect(words).toContainEqual([
        'application/vnd.dev.sigstore.bundle.v0.3+json',
        {
          'dev.sigstore.bundle.content': 'dsse-envelope',
          'dev.sigstore.bundle.predicateType': predicateType,
        },
      ]);
    }
  });

  test('what was pushed verifies from there, by tag and by digest', async () => {
    const { registry, built, ref } = await pushed(faults);
    const { digest } = built.image.manifest;
    for (const word of [ref, `${registry.domain}/team/app@${digest}`]) {
      const { subject, mismatches } = await verified(word);
      expect(mismatches).toEqual([]);
      expect(subject).toBe(`${word.replace(`@${digest}`, '')}@${digest}`);
    }
  });
});

test('a second push attaches nothing twice', async () => {
  const { registry, built, ref, attached } = await pushed();
  const [before, asked] = [await attached(), registry.asked().length];
  await push(built, ref);
  expect(await attached()).toEqual(before);
  const more = registry.asked().slice(asked);
  expect(more.filter((each) => !/^(?:GET|HEAD) /.test(each))).toEqual([]);
});

test('without evidence nothing is attached, and the report says that there is none', async () => {
  const { registry, built } = await pushed();
  await push(built, `${registry.domain}/team/bare:v1`, undefined, true);
  const { checks } = await verified(`${registry.domain}/team/bare:v1`);
  expect(checks.map(({ what }) => what)).toContain('where the image comes from');
});

test('a signature of an earlier build, which SHA256SUMS no longer lists, is not attached', async () => {
  const registry = await registryOf();
  const built = await buildSample();
  writeFileSync(join(built.folder, 'provenance.sigstore.json'), '{}');
  await push(built, `${registry.domain}/team/app:v1`);
  const repository = await openIn(registry);
  const found = await listReferrers(repository, built.image.manifest.digest, io);
  expect(found.filter(({ artifactType }) => artifactType.includes('sigstore'))).toEqual([]);
});

test('evidence that was changed after the build is refused, and nothing is tagged', async () => {
  const registry = await registryOf();
  const built = await buildSample();
  writeFileSync(join(built.folder, 'sbom.cdx.json'), '{}');
  await expect(push(built, `${registry.domain}/team/app:v1`)).rejects.toMatchObject({
    code: 'MISMATCH',
    message: expect.stringContaining('sbom.cdx.json'),
  });
  expect(registry.tags.size).toBe(0);
});

describe('of several sets of evidence', () => {
  test('the signed one contains the one of the build, which is left out', async () => {
    const { built, ref } = await pushed();
    const { key, sign } = await keyPair();
    await sign(built.folder);
    await push(built, ref);
    const { mismatches, checks } = await verified(ref, [key]);
    expect(mismatches).toEqual([]);
    expect(checks.filter(({ what }) => what.startsWith('other evidence'))).toEqual([]);
  });

  test('the one that a key has signed is verified, whoever attached another one first', async () => {
    const registry = await registryOf();
    const ref = `${registry.domain}/team/app:v1`;
    const built = await buildSample();
    const { key, sign } = await keyPair();
    // Somebody else's evidence about the very same image: another mirror, another lock.
    const other = await buildSample({ allow: ['unsigned-archive'] });
    expect(other.image.manifest.digest).toBe(built.image.manifest.digest);
    await push(other, ref);
    await sign(built.folder);
    await push(built, ref);
    const { mismatches, checks } = await verified(ref, [key]);
    expect(mismatches).toEqual([]);
    const others = checks.filter(({ what }) => what.startsWith('other evidence'));
    expect(others).toMatchObject([{ skipped: expect.stringContaining('same image') }]);
  });
});

describe('evidence that somebody forges', () => {
  const forged = async (title: string, size?: number) => {
    const { registry, built, ref } = await pushed();
    const bytes = Buffer.from('forged');
    const file = {
      ...sourceOf(bytes),
      ...(size !== undefined && { size }),
      mediaType: 'text/plain',
      annotations: { 'org.opencontainers.image.title': title },
    };
    const artifactType = 'application/vnd.mkbase.evidence.v1';
    const subject = descriptorOf(built.image.manifest);
    await attach(await openIn(registry), subject, [{ artifactType, files: [file] }], io);
    return ref;
  };

  test.each(['../../etc/passwd', '/etc/passwd', 'trust/../../x', 'trust/a/b', 'anything.json', ''])(
    'under the name %j is refused',
    async (title) => {
      await expect(verified(await forged(title))).rejects.toMatchObject({
        code: 'REGISTRY_CORRUPT',
        message: expect.stringContaining('is no file of evidence'),
      });
    },
  );

  test('about another image is left out', async () => {
    const { registry, built, ref } = await pushed();
    const other = await buildSample({ image: { env: { OTHER: '1' } } });
    await push(other, `${registry.domain}/team/app:v2`);
    expect(other.image.manifest.digest).not.toBe(built.image.manifest.digest);
    expect((await verified(ref)).mismatches).toEqual([]);
  });
});

test('nothing of what was fetched is left', async () => {
  const { ref } = await pushed();
  const { ownEnvironment } = await import('../support/registry/pushed.ts');
  const env = ownEnvironment();
  await verified(ref, [], env);
  expect(readdirSync(join(env.XDG_CACHE_HOME ?? '', 'mkbase/tmp'))).toEqual([]);
});

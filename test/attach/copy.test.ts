import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/base/errors.ts';
import { copy } from '../../src/commands/copy.ts';
import { parsePlace } from '../../src/commands/place/place.ts';
import { describe as describeBlob, jsonBlob, mediaTypes } from '../../src/oci/blob.ts';
import { putManifest } from '../../src/registry/manifests.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch, quietIo } from '../support/image.ts';
import { type BuildSample, sampleEntries } from '../support/output-folder.ts';
import { openIn, registryOf } from '../support/registry/open.ts';
import {
  buildSample,
  keyPair,
  ownEnvironment,
  push,
  verified,
} from '../support/registry/pushed.ts';
import type { RegistryFaults, TestRegistry } from '../support/registry/registry.ts';
import { file } from '../support/tar.ts';
import { createContext } from '../support/ui/context.ts';

/** Copies as `mkbase copy` does. */
async function run(from: string, to: string, more: { readonly attach?: boolean } = {}) {
  const context = createContext(ownEnvironment() as Record<string, string>);
  const options = { ...more, json: true, progress: 'plain' } as const;
  return { code: await copy(from, to, options, context), context };
}

/** Copies what can be copied; resolves to the JSON. */
async function copied(...args: Parameters<typeof run>) {
  const { code, context } = await run(...args);
  expect(code, context.stderr.text()).toBe(0);
  return JSON.parse(context.stdout.text()) as {
    readonly dest: string;
    readonly digest: string;
    readonly images: number;
    readonly attached: number;
  };
}

const digestsIn = ({ manifests }: TestRegistry) =>
  [...manifests.keys()].map((key) => key.split(' ')[1]).sort();

async function signedBuild(faults: RegistryFaults = {}, sample: BuildSample = {}) {
  const registry = await registryOf(faults);
  const built = await buildSample(sample);
  const { key, sign } = await keyPair();
  await sign(built.folder);
  const ref = `${registry.domain}/team/app:v1`;
  await push(built, ref);
  return { registry, built, key, ref };
}

test('an image goes from one registry to another with all that is attached, digest by digest', async () => {
  const { registry, built, key, ref } = await signedBuild();
  const other = await registryOf();
  const to = `${other.domain}/copies/app:v2`;
  const result = await copied(ref, to);
  const { digest } = built.image.manifest;
  expect(result).toEqual({ dest: `${to}@${digest}`, digest, images: 1, attached: 9 });
  expect(digestsIn(other)).toEqual(digestsIn(registry));
  expect(other.asked().at(-1)).toBe('PUT /v2/copies/app/manifests/v2');
  expect((await verified(to, [key])).mismatches).toEqual([]);
});

test.each([
  ['to one that lists no referrers', {}, { noReferrers: true }],
  ['from one that lists no referrers', { noReferrers: true }, {}],
] as const)('a copy %s verifies there', async (_, from, to) => {
  const { key, ref } = await signedBuild(from);
  const other = await registryOf(to);
  await copied(ref, `${other.domain}/copies/app:v2`);
  expect((await verified(`${other.domain}/copies/app:v2`, [key])).mismatches).toEqual([]);
});

test('an index is copied with all its images and what is attached to each', async () => {
  const registry = await registryOf();
  const builds = [await buildSample(), await buildSample({ image: { env: { OTHER: '1' } } })];
  for (const [at, built] of builds.entries()) {
    await push(built, `${registry.domain}/team/app:v${at}`);
  }
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: builds.map(({ image: { manifest } }, at) => ({
      ...describeBlob(manifest),
      platform: { os: 'linux', architecture: ['amd64', 's390x'][at] },
    })),
  });
  await putManifest(await openIn(registry), index, 'all', quietIo());
  const folder = temporaryFolder();
  const [layout, other] = [`oci:${folder}/layout`, await registryOf()];
  const from = `${registry.domain}/team/app:all`;
  expect(await copied(from, layout)).toMatchObject({
    digest: index.digest,
    images: 2,
    attached: 12,
  });
  expect(await copied(`${layout}:all`, `${other.domain}/a/b:c`)).toMatchObject({ attached: 12 });
  expect(digestsIn(other)).toEqual(digestsIn(registry));
  expect(other.tags.get('a/b:c')).toBe(index.digest);
});

test('within one registry blobs are mounted, and none is sent', async () => {
  const { registry, ref } = await signedBuild();
  const before = registry.asked().length;
  await copied(ref, `${registry.domain}/copies/app:v2`);
  const asked = registry.asked().slice(before);
  expect(asked.filter((each) => each.startsWith('PUT') && each.includes('/blobs/'))).toEqual([]);
  expect(asked.some((each) => each.includes('mount='))).toBe(true);
});

test('without what is attached, the image alone is copied', async () => {
  const { ref } = await signedBuild();
  const other = await registryOf();
  expect(await copied(ref, `${other.domain}/a/b:c`, { attach: false })).toMatchObject({
    attached: 0,
  });
  expect(other.manifests.size).toBe(1);
});

describe.each(['oci:%/layout', 'oci-archive:%/layout.tar'])('by way of %s', (form) => {
  test('everything comes out as it went in, and verifies on its way', async () => {
    const { registry, key, ref } = await signedBuild();
    const place = form.replace('%', temporaryFolder());
    await copied(ref, place);
    expect((await verified(place, [key])).mismatches).toEqual([]);
    const other = await registryOf();
    await copied(place, `${other.domain}/copies/app:v1`);
    expect(digestsIn(other)).toEqual(digestsIn(registry));
  });

  test('the same image gives the same bytes', async () => {
    const { ref } = await signedBuild();
    const sums = [];
    for (const folder of [temporaryFolder(), temporaryFolder()]) {
      await copied(ref, form.replace('%', folder));
      const script = 'find . -type f | sort | xargs sha256sum';
      sums.push(execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' }));
    }
    expect(sums[0]).toBe(sums[1]);
  });
});

test('a layout in a folder verifies by its path alone', async () => {
  const { key, ref } = await signedBuild();
  const folder = join(temporaryFolder(), 'layout');
  await copied(ref, `oci:${folder}`);
  expect((await verified(folder, [key])).mismatches).toEqual([]);
});

test.each([
  ['', 10],
  [' too large to be a manifest', 5_000_000],
])(
  'a blob%s that was swapped in a layout is refused, and nothing is tagged',
  async (_, bytesOfFile) => {
    const entries = [...sampleEntries, file('large', 'a'.repeat(bytesOfFile), { mtime: epoch })];
    const { built, ref } = await signedBuild({}, { entries });
    const folder = join(temporaryFolder(), 'layout');
    await copied(ref, `oci:${folder}`);
    const blob = join(folder, 'blobs/sha256', built.image.rootfs.diffId.replace('sha256:', ''));
    const bytes = readFileSync(blob);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(blob, bytes);
    const other = await registryOf();
    const { code, context } = await run(`oci:${folder}`, `${other.domain}/a/b:c`);
    expect(code).toBe(exitCodes.REGISTRY_CORRUPT);
    expect(context.stderr.text()).toContain('code: REGISTRY_CORRUPT');
    expect(other.tags.size).toBe(0);
  },
);

test('a registry that swaps a blob leaves no layout behind', async () => {
  const { registry, ref } = await signedBuild();
  registry.faults.swapBlobs = true;
  const folder = temporaryFolder();
  const { code } = await run(ref, `oci:${folder}/layout`);
  expect(code).toBe(exitCodes.REGISTRY_CORRUPT);
  expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('');
});

test.each([
  [
    'docker://r.example/a:b',
    { kind: 'remote', reference: { domain: 'r.example', path: 'a', tag: 'b' } },
  ],
  ['r.example/a', { kind: 'remote' }],
  ['oci:x', { kind: 'folder', path: '/w/x', tag: undefined }],
  ['oci:x:v1', { kind: 'folder', path: '/w/x', tag: 'v1' }],
  ['oci-archive:/x.tar', { kind: 'archive', path: '/x.tar', tag: undefined }],
])('%s is a place', (word, expected) => {
  expect(parsePlace(word, '/w')).toMatchObject(expected);
});

test.each(['hello', 'oci:', './x', 'docker:x', 'dir:x', ''])('%j is no place', (word) => {
  expect(() => parsePlace(word, '/w')).toThrowError(expect.objectContaining({ code: 'USAGE' }));
});

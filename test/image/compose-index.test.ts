import { expect, test } from 'vitest';
import { composeIndex } from '../../src/image/compose-index.ts';

const manifestOf = (digit: string) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${digit.repeat(64)}`,
  size: 400,
});

const amd64 = { platform: 'linux/amd64', manifest: manifestOf('a') } as const;
const arm64 = { platform: 'linux/arm64', manifest: manifestOf('b') } as const;

test('an index lists the images in one order, whatever order they come in', () => {
  const index = composeIndex([arm64, amd64]);
  expect(index).toEqual(composeIndex([amd64, arm64]));
  expect(JSON.parse(Buffer.from(index.bytes).toString())).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      { ...amd64.manifest, platform: { architecture: 'amd64', os: 'linux' } },
      { ...arm64.manifest, platform: { architecture: 'arm64', os: 'linux', variant: 'v8' } },
    ],
  });
});

test('another image, or one platform fewer, gives another digest', () => {
  const digests = [
    composeIndex([amd64, arm64]),
    composeIndex([amd64]),
    composeIndex([amd64, { ...arm64, manifest: manifestOf('c') }]),
  ].map(({ digest }) => digest);
  expect(new Set(digests).size).toBe(3);
});

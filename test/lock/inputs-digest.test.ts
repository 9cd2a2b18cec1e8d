import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Lock } from '../../src/lock/schema.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const index = {
  suite: 'trixie',
  components: ['main'],
  mirror: 'https://mirror.example/debian',
  date: 1_700_000_000,
  inRelease: sha256('index'),
  signedBy: ['ABCD'],
};

const deb = (name: string, bytes = name) => ({
  ...{ name, version: '1.0', architecture: 'amd64', source: name, sourceVersion: '1.0' },
  ...{ suite: 'trixie', filename: `pool/main/${name}_1.0_amd64.deb`, size: 10 },
  sha256: sha256(bytes),
});

const lock: Lock = {
  ...{ lockVersion: 1, recipe: 'demo', platform: 'linux/amd64', epoch: 1_700_000_000 },
  ...{ request: sha256('asked'), asked: {} },
  debs: { indexes: [index], packages: [deb('base-files'), deb('libc6')] },
  toolchain: { name: 'gcc', epoch: 1, debs: { indexes: [index], packages: [deb('gcc')] } },
};

test('it is what sha256sum would say of its own list of the inputs', () => {
  const lines = ['base-files', 'libc6', 'gcc'].map(
    (name) => `${sha256(name)}  ${name}_1.0_amd64.deb\n`,
  );
  expect(inputsDigest(lock)).toBe(sha256(lines.sort().join('')));
});

test('another mirror, a newer index and other words in the recipe do not move it', () => {
  const elsewhere = { ...index, mirror: 'file:///copy', date: 1, inRelease: sha256('newer') };
  const { debs, toolchain } = lock;
  const moved: Lock = {
    ...{ ...lock, epoch: 5, request: sha256('other'), asked: { other: true } },
    debs: { ...debs!, indexes: [elsewhere] },
    toolchain: { ...toolchain!, debs: { ...toolchain!.debs, indexes: [elsewhere] } },
  };
  expect(inputsDigest(moved)).toBe(inputsDigest(lock));
});

test('another package, and other bytes of the same name, move it', () => {
  const withPackages = (...names: ReturnType<typeof deb>[]) =>
    inputsDigest({ ...lock, debs: { indexes: [index], packages: names } });
  const digests = [
    inputsDigest(lock),
    withPackages(deb('base-files')),
    withPackages(deb('base-files'), deb('libc6', 'patched')),
    withPackages(deb('base-files'), deb('libc7', 'libc6')),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { blobsOf, inputSets, inputsDigest } from '../../src/lock/inputs.ts';
import type { Lock } from '../../src/lock/schema.ts';
import type { LockedPackage } from '../../src/packages/deb/locked-debs.ts';
import { fromOf, lockedDeb, lockedDebs, lockedToolchain, lockOf, trixie } from '../support/lock.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const deb = (name: string, bytes = name) => lockedDeb(name, { sha256: sha256(bytes) });

const main = {
  ...{ repository: 'v3.20/main', mirror: 'https://mirror.example/alpine', date: 1 },
  ...{ sha256: sha256('index'), signedBy: 'key.rsa.pub', signature: 'rsa-sha1' },
};

const apk = (name: string) => ({
  ...{ name, version: '1-r0', arch: 'x86_64', origin: name, license: 'MIT', size: 1 },
  ...{ repository: 'v3.20/main', filename: `v3.20/main/x86_64/${name}-1-r0.apk` },
  ...{ checksum: 'Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=', sha256: sha256(name) },
});

const lock: Lock = lockOf('debs', lockedDebs(deb('base-files'), deb('libc6')), {
  toolchain: lockedToolchain('gcc', lockedDebs(deb('gcc'))),
});

describe('blobsOf', () => {
  test("lists every input and index once, the builder's too", () => {
    const shared = { toolchain: lockedToolchain('gcc', lockedDebs(deb('hello'), deb('gcc'))) };
    const twice = lockOf('debs', lockedDebs(deb('hello')), shared);
    expect(blobsOf(inputSets(twice)).map(({ name }) => name)).toEqual([
      'hello_1.0-1_amd64.deb',
      'trixie.InRelease',
      'gcc_1.0-1_amd64.deb',
    ]);
  });
});

describe('inputsDigest', () => {
  const lines = ['base-files', 'libc6'].map((name) => `${sha256(name)}  ${name}_1.0-1_amd64.deb\n`);

  test("is what sha256sum would say of its own list of the image's inputs", () => {
    expect(inputsDigest(lock)).toBe(sha256([...lines].sort().join('')));
  });

  test('covers the files of the recipe', () => {
    const files = [{ url: 'https://example.org/motd.txt', sha256: sha256('motd') }];
    const all = [...lines, `${sha256('motd')}  motd.txt\n`];
    expect(inputsDigest({ ...lock, files })).toBe(sha256(all.sort().join('')));
  });

  test('packages that only run the package manager are not in it', () => {
    const apks = {
      ...{ arch: 'x86_64', indexes: [main], wanted: [], date: 1 },
      packages: [apk('musl')],
    };
    const { from } = lockOf('apk', { ...apks, tools: [apk('apk-tools')] });
    expect(inputsDigest({ from })).toBe(sha256(`${sha256('musl')}  musl-1-r0.apk\n`));
  });

  test('another mirror, a newer index and other words in the recipe do not move it', () => {
    const elsewhere = { ...trixie, mirror: 'file:///copy', date: 1, inRelease: sha256('newer') };
    const moved = (...packages: LockedPackage[]) => ({ indexes: [elsewhere], packages });
    const other = lockOf('debs', moved(deb('base-files'), deb('libc6')), {
      ...{ epoch: 5, request: sha256('other'), asked: { other: true } },
      toolchain: lockedToolchain('gcc', moved(deb('gcc'))),
    });
    expect(inputsDigest(other)).toBe(inputsDigest(lock));
  });

  test('another builder, and none, do not move it', () => {
    const toolchain = lockedToolchain('clang', lockedDebs(deb('clang')));
    expect(inputsDigest({ ...lock, toolchain } as Lock)).toBe(inputsDigest(lock));
    expect(inputsDigest({ ...lock, toolchain: undefined } as Lock)).toBe(inputsDigest(lock));
  });

  test('another package, and other bytes of the same name, move it', () => {
    const withPackages = (...names: LockedPackage[]) =>
      inputsDigest({ from: fromOf('debs', lockedDebs(...names)) });
    const digests = [
      inputsDigest(lock),
      withPackages(deb('base-files')),
      withPackages(deb('base-files'), deb('libc6', 'patched')),
      withPackages(deb('base-files'), deb('libc7', 'libc6')),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

import type { ProvenanceInput } from '../../../src/evidence/provenance/provenance.ts';
import type { Image } from '../../../src/image/image.ts';
import { kinds } from '../../../src/kinds/kinds.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import type { LockedIndex } from '../../../src/packages/deb/locked-debs.ts';
import { singleOverlays } from '../../../src/recipe/folder-overlays.ts';
import type { Origin, Recipe, Toolchain } from '../../../src/recipe/recipe.ts';
import { recipeSchema, toolchainSchema } from '../../../src/recipe/schema/schema.ts';
import { epoch, imageOf, makeRootfs, plainFile } from '../../support/image.ts';
import { lockedDeb, lockedToolchain, lockOf, trixie } from '../../support/lock.ts';
import { provenChain } from '../../support/proof.ts';

/** 64 hexadecimal digits that say which one they are. */
export const hash = (digit: string): string => digit.repeat(64);

export const index: LockedIndex = { ...trixie, date: epoch, inRelease: hash('1') };

const deb = (name: string, version: string, sha256: string) =>
  lockedDeb(name, { version, source: name.replace(/\d+$/, ''), sha256 });

const shared = { recipe: 'sample', epoch, request: hash('0') };

/** A lock of packages alone. */
export const debsLock: Lock = lockOf(
  'debs',
  {
    indexes: [index],
    packages: [
      deb('libc6', '2.41-12', hash('2')),
      deb('libstdc++6', '1:14.2.0~rc1-19+b1', hash('3')),
    ],
  },
  shared,
);

/** A lock of a program: an archive with a detached signature, a file, and a builder. */
export const staticLock: Lock = lockOf(
  'static',
  {
    archive: {
      url: 'https://example.org/lua-5.4.tar.gz',
      name: 'lua-5.4.tar.gz',
      sha256: hash('4'),
      trust: {
        by: 'signature',
        url: 'https://example.org/lua-5.4.tar.gz.asc',
        sha256: hash('5'),
        signedBy: ['0000000000000000000000000000000000000042'],
      },
    },
  },
  {
    ...shared,
    files: [{ url: 'https://example.org/motd.txt', sha256: hash('9') }],
    toolchain: {
      ...lockedToolchain('gcc-musl', {
        indexes: [index],
        packages: [deb('gcc', '4:14.2.0-1', hash('a'))],
      }),
      epoch,
    },
  },
);

/** A published root filesystem, whose digest the recipe states. */
export const rootfs = {
  url: 'https://mirror.example/alpine/v3.20/alpine-minirootfs.tar.gz',
  name: 'alpine-minirootfs.tar.gz',
  size: 3_000_000,
  sha256: hash('6'),
  sha512: hash('6').repeat(2),
  release: { distro: 'alpine', version: '3.20.3', arch: 'x86_64', date: epoch, path: 'v3.20/x' },
  trust: { by: 'recipe' },
};

/** A lock of a published root filesystem with packages added, and of a file. */
export const minirootfsLock: Lock = lockOf(
  'minirootfs',
  {
    archive: rootfs,
    apks: {
      arch: 'x86_64',
      wanted: ['ca-certificates'],
      indexes: [
        {
          repository: 'v3.20/main',
          mirror: 'https://mirror.example/alpine',
          date: epoch,
          sha256: hash('7'),
          signedBy: 'alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub',
          signature: 'rsa-sha1',
        },
      ],
      packages: [
        {
          name: 'ca-certificates',
          version: '20240705-r0',
          arch: 'x86_64',
          origin: 'ca-certificates',
          license: 'MPL-2.0 AND MIT',
          repository: 'v3.20/main',
          filename: 'v3.20/main/x86_64/ca-certificates-20240705-r0.apk',
          size: 1000,
          checksum: 'Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
          sha256: hash('8'),
        },
      ],
      date: epoch,
    },
  },
  { ...shared, files: staticLock.files },
);

/** Locks that have an input of every sort between them, by kind. */
export const locks = { debs: debsLock, static: staticLock, minirootfs: minirootfsLock };

const origin = (file: string, builtIn = false): Origin => ({
  file,
  folder: file.replace(/\/[^/]+$/, ''),
  builtIn,
  sha256: hash('b'),
});

/** Fields in which a careless person left a password. */
export const recipe: Recipe = (() => {
  const { from, files, ...fields } = recipeSchema(kinds).parse({
    name: 'sample',
    from: {
      static: {
        toolchain: 'gcc-musl',
        archive: { url: 'https://me:hunter2@example.org/lua-5.4.tar.gz', sha256: hash('4') },
        programs: { lua: '/usr/bin/lua' },
      },
    },
    files: [
      { path: '/hello.txt', source: 'hello.txt' },
      { path: '/motd', url: 'https://me:hunter2@example.org/motd.txt', sha256: hash('9') },
    ],
    image: { cmd: ['/usr/bin/lua'] },
  });
  const here = origin('/home/somebody/secret-project/recipe.yaml');
  const placed = { ...fields, files: singleOverlays(files), from: from! };
  return { ...placed, origin: here, fromOrigin: here, ancestors: [] };
})();

export const toolchain: Toolchain = {
  ...toolchainSchema(kinds).parse({ name: 'gcc-musl', from: { debs: { packages: ['gcc'] } } }),
  files: [],
  origin: origin('/home/somebody/secret-project/toolchains/gcc-musl.yaml'),
};

/** An image whose digests say which they are, and hang on nothing that another test holds. */
async function sampleImage(folder: string): Promise<Image> {
  const rootfs = await makeRootfs(folder, [plainFile('hello.txt', Buffer.from('Hello\n'))]);
  const image = imageOf({ ...rootfs, diffId: `sha256:${hash('f')}` });
  return {
    ...image,
    manifest: { ...image.manifest, digest: `sha256:${hash('a')}` },
    config: { ...image.config, digest: `sha256:${hash('c')}` },
  };
}

/** A finished build of the program, in a folder of its own. */
export async function finishedBuild(folder: string): Promise<ProvenanceInput> {
  return {
    recipe,
    toolchain,
    builder: { name: 'gcc-musl', platform: 'linux/amd64', key: hash('c'), tree: hash('e') },
    asked: { platform: 'linux/amd64', allow: [], test: true },
    lock: staticLock,
    trust: provenChain(staticLock),
    localFiles: [{ path: 'hello.txt', sha256: hash('d'), beside: recipe.origin }],
    image: await sampleImage(folder),
    tests: [
      { command: '/usr/bin/lua -v', passed: true },
      { command: 'false', passed: false, problem: 'exit code expected 0, found 1' },
    ],
    nodes: [{ does: 'compile', version: 1, key: hash('f'), tree: hash('a') }],
    evidence: [{ name: 'lock.json', sha256: hash('e') }],
  };
}

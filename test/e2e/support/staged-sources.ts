import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAptSources } from '../../../src/packages/deb/archive/apt-sources.ts';
import { debianMirrors } from '../../../src/packages/deb/archive/mirrors.ts';
import { newApkKey } from '../../support/apk.ts';
import { serve } from '../../support/http-server.ts';
import { alpineRepository } from './alpine-repository.ts';
import { archRepository } from './arch/repository.ts';
import type { Staged } from './published-rootfs.ts';
import { rpmDistribution } from './rpm-distribution.ts';
import { wolfiRepository } from './wolfi-repository.ts';

const nothing = async () => undefined;

/**
 * Returns an example with lines behind the one that opens its source: the mirror and the keys of the test. One that
 * names a mirror has them already.
 */
const withLines = (text: string, opening: RegExp, ...more: string[]): string =>
  text.includes('mirror:')
    ? text
    : text.replace(opening, (line) => [line, ...more.map((each) => `    ${each}`)].join('\n'));

/** The mirror that this machine uses for the example that names one of its own. */
export async function onDebianMirror(text: string): Promise<Staged> {
  const { main } = debianMirrors({ env: process.env, aptSources: await readAptSources() });
  return { text: text.replace('https://mirror.example.org/debian', main), close: nothing };
}

/** A mirror of Alpine's packages, signed by a key that stands beside the recipe. */
export async function ownRepository(text: string, cwd: string): Promise<Staged> {
  const { key, folder } = await alpineRepository(join(cwd, 'mirror'));
  mkdirSync(join(cwd, 'keys'), { recursive: true });
  writeFileSync(join(cwd, 'keys', key.name), key.publicKey);
  const server = await serve(folder);
  const own = withLines(text, /^ {2}apk:$/m, `mirror: ${server.url}`, `keys: [keys/${key.name}]`);
  const mirrored = own.replace('https://mirror.example.org/alpine', server.url);
  return { text: mirrored.replace('our-mirror.rsa.pub', key.name), close: server.close };
}

/** Serves packages as Wolfi does, with a key of the test's. */
export async function ownWolfi(text: string, cwd: string): Promise<Staged> {
  const key = newApkKey('wolfi-signing.rsa.pub');
  const folder = join(cwd, 'mirror');
  await wolfiRepository(folder, key);
  mkdirSync(join(cwd, 'keys'), { recursive: true });
  writeFileSync(join(cwd, 'keys', key.name), key.publicKey);
  const server = await serve(folder);
  const mirrored = withLines(text, /^ {4}distro: wolfi$/m, `mirror: ${server.url}`);
  return { text: mirrored.replace('wolfi-baselayout', 'alpine-baselayout'), close: server.close };
}

/** Serves a small distribution in the form of Arch's archive, with masters of the test's. */
export async function ownArch(text: string, cwd: string): Promise<Staged> {
  const { root, masters, keyring } = await archRepository(join(cwd, 'distribution'));
  mkdirSync(join(cwd, 'keys'), { recursive: true });
  writeFileSync(join(cwd, 'keys/our-packagers.asc'), keyring);
  const server = await serve(root);
  const own = masters.map((each) => `"${each}"`).join(', ');
  const trust = ['keys: [keys/our-packagers.asc]', `masters: [${own}]`];
  const named = withLines(text, /^ {2}pacman:$/m, `mirror: ${server.url}`, ...trust);
  const mirrored = named.replace('https://archive.example.org/repos', server.url);
  return { text: mirrored.replace(/(?<=masters: \[)[0-9A-F]{40}/, own), close: server.close };
}

/** Serves a small distribution in the layout of CentOS Stream's mirrors, signed by a key of the test's. */
export async function ownCentos(text: string, cwd: string): Promise<Staged> {
  const { folder, key } = rpmDistribution(join(cwd, 'distribution'));
  const mirror = join(cwd, 'mirror');
  for (const name of ['BaseOS', 'AppStream']) {
    cpSync(join(folder, name), join(mirror, `9-stream/${name}/x86_64/os`), { recursive: true });
  }
  mkdirSync(join(cwd, 'keys'), { recursive: true });
  writeFileSync(join(cwd, 'keys/our-mirror.asc'), key);
  const server = await serve(mirror);
  const own = ['keys: [keys/our-mirror.asc]', `mirror: ${server.url}`];
  const named = withLines(text, /^ {2}rpm:$/m, ...own);
  const mirrored = named.replace('https://mirror.example.org/centos-stream', server.url);
  const there = mirrored.replace('centos-stream-release', 'testdist-release');
  return { text: there.replace('coreutils-single', 'coreutils'), close: server.close };
}

/** The one file that the example fetches. */
export async function servedFile(text: string): Promise<Staged> {
  const bytes = Buffer.from('a certificate\n');
  const server = await serve(new Map([['/our-root.crt', bytes]]));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const local = text.replace('https://example.org', server.url);
  return { text: local.replace(/(?<=sha256: )[0-9a-f]{64}/, sha256), close: server.close };
}

import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Lock } from '../../../src/lock/schema.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { debootstrapIn } from '../../support/lock.ts';

/** Path of a blob in the cache of this test run. */
export const stored = (sha256: string): string =>
  join(process.env.MKBASE_TEST_CACHE ?? '', 'mkbase/blobs/sha256', sha256);

export const readLockFile = (outDir: string): Lock =>
  JSON.parse(readFileSync(join(outDir, 'lock.json'), 'utf8')) as Lock;

/**
 * A mirror of a lock's packages as a person would make one: with dpkg-scanpackages, and an override
 * file for the priorities that the archive gives.
 */
export function mirrorByHand(folder: string, lock: Lock): void {
  const { debs, settings } = debootstrapIn(lock);
  const index = join(folder, 'dists/trixie/main/binary-amd64');
  mkdirSync(index, { recursive: true });
  mkdirSync(join(folder, 'pool'));
  for (const { name, sha256 } of debs.packages) {
    linkSync(stored(sha256), join(folder, 'pool', `${name}.deb`));
  }
  const priority = (name: string) => {
    if (settings.required.includes(name)) return 'required';
    return settings.important.includes(name) ? 'important' : 'optional';
  };
  const lines = debs.packages.map(({ name, sha256 }) => {
    const section = execFileSync('dpkg-deb', ['-f', stored(sha256), 'Section'], {
      encoding: 'utf8',
    });
    return `${name} ${priority(name)} ${section.trim()}\n`;
  });
  const override = join(folder, 'override');
  writeFileSync(override, lines.join(''));
  const scan = ['--multiversion', '--hash', 'sha256', 'pool', override];
  const packages = execFileSync('dpkg-scanpackages', scan, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  });
  writeFileSync(join(index, 'Packages'), `${packages}\n`);
  const sum = execFileSync('sha256sum', [join(index, 'Packages')])
    .toString()
    .slice(0, 64);
  const fields = ['Suite: stable', 'Codename: trixie', 'Components: main', 'Architectures: amd64'];
  const line = ` ${sum} ${packages.length + 1} main/binary-amd64/Packages`;
  writeFileSync(join(folder, 'dists/trixie/Release'), [...fields, 'SHA256:', line, ''].join('\n'));
}

/** What a person types who has a mirror in a folder and is root; wget need only be there. */
const byHand = `
mkdir bin
ln -s /bin/true bin/wget
tar -xf -
PATH=/build/bin:$PATH debootstrap --no-check-sig --variant=minbase trixie root file:///build/mirror >&2
tar --sort=name --numeric-owner --xattrs --xattrs-include='*' -C root -cf - .
`;

/** The builder that mkbase gave Docker for debootstrap last. */
function builderImage(): string {
  const filter = ['--filter', 'reference=mkbase-toolchain/debootstrap'];
  const format = ['--format', '{{.Repository}}:{{.Tag}}'];
  const listed = execFileSync('docker', ['images', ...filter, ...format], { encoding: 'utf8' });
  return listed.split('\n')[0] ?? '';
}

/**
 * Runs debootstrap in mkbase's builder as root would, with the right to make devices and to mount
 * /proc. `mirror` is a folder of that name. Writes what comes out to `archive`.
 */
export async function debootstrapByHand(mirror: string, archive: string): Promise<void> {
  const input = spawn('tar', ['-C', join(mirror, '..'), '-cf', '-', 'mirror']);
  const rights = ['--cap-add', 'SYS_ADMIN', '--security-opt', 'seccomp=unconfined'];
  const options = ['--rm', '-i', ...rights, '--network', 'none', '--log-driver', 'none'];
  const folder = ['--tmpfs', '/build:exec,suid,dev', '--workdir', '/build'];
  const command = ['sh', '-euc', byHand];
  const container = spawn('docker', ['run', ...options, ...folder, builderImage(), ...command]);
  const said: Buffer[] = [];
  container.stderr.on('data', (bytes: Buffer) => said.push(bytes));
  const ended = new Promise<number | null>((done) => container.on('close', done));
  // A container that ends early says why itself.
  const sent = pipeline(input.stdout, container.stdin).catch(() => undefined);
  await Promise.all([sent, pipeline(container.stdout, createWriteStream(archive))]);
  const code = await ended;
  if (code !== 0) throw new Error(`debootstrap ended with ${code}: ${Buffer.concat(said)}`);
}

/** Makes a folder on the file system of the packages. */
export const besideStore = (): string => temporaryFolder({ within: process.env.MKBASE_TEST_CACHE });

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Lock } from '../../../src/lock/schema.ts';
import { debootstrapIn } from '../../support/lock.ts';
import { clearSign, newKey } from '../../support/openpgp-key.ts';
import { stored } from './debootstrap-by-hand.ts';

/** A small archive of Ubuntu's form: suites noble, -updates and -security, main and universe. */
export interface UbuntuArchive {
  readonly folder: string;
  /** Public key that signs it, armored. */
  readonly publicKey: string;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const run = (file: string, args: readonly string[], cwd: string) =>
  execFileSync(file, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 });

/** Unpacks a package, has it changed, and packs it again the way Ubuntu does: with zstd. */
function changed(deb: string, target: string, change: (tree: string) => void): void {
  const tree = `${target}.tree`;
  run('dpkg-deb', ['-R', deb, tree], '/');
  change(tree);
  run('dpkg-deb', ['-Zzstd', '--root-owner-group', '-b', tree, target], '/');
  run('rm', ['-r', tree], '/');
}

function edit(file: string, pattern: RegExp, replacement: string): void {
  const text = readFileSync(file, 'utf8');
  if (!pattern.test(text)) throw new Error(`${file} has no ${pattern}`);
  writeFileSync(file, text.replace(pattern, replacement));
}

const newerVersion = (tree: string) =>
  edit(join(tree, 'DEBIAN/control'), /^Version: .*$/m, '$&ubuntu1');

/** A package made from nothing: a program that says something. */
function greeting(target: string): void {
  const tree = `${target}.tree`;
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  const fields = ['Package: greeting', 'Version: 1.0', 'Architecture: all', 'Depends: dash'];
  const control = [...fields, 'Maintainer: Nobody <nobody@example.org>', 'Description: greets', ''];
  writeFileSync(join(tree, 'DEBIAN/control'), control.join('\n'));
  writeFileSync(join(tree, 'usr/bin/greeting'), '#!/bin/sh\necho Hello from universe\n', {
    mode: 0o755,
  });
  run('dpkg-deb', ['-Zzstd', '--root-owner-group', '-b', tree, target], '/');
  run('rm', ['-r', tree], '/');
}

/** The index of a component; `override` gives the priorities. */
function addIndex(folder: string, path: string, pool: string, override: string): string[] {
  const scan = ['--multiversion', '--hash', 'sha256', pool, override];
  const stanzas = run('dpkg-scanpackages', scan, folder);
  const plain = stanzas.length > 0 ? Buffer.concat([stanzas, Buffer.from('\n')]) : stanzas;
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  const packed = gzipSync(plain);
  writeFileSync(`${file}.gz`, packed);
  const name = path.split('/').slice(2).join('/');
  return [
    ` ${sha256(plain)} ${plain.length} ${name}`,
    ` ${sha256(packed)} ${packed.length} ${name}.gz`,
  ];
}

/**
 * Makes an archive out of a Debian lock's packages, under the names of an Ubuntu one. Two of them are
 * there in newer versions: hostname in the updates, and base-files, which says that this is Ubuntu, in
 * the security updates. In universe there is a package `greeting`.
 */
export async function ubuntuArchive(folder: string, lock: Lock): Promise<UbuntuArchive> {
  const { debs, settings } = debootstrapIn(lock);
  const pools = {
    noble: 'pool/main',
    'noble-updates': 'pool/updates',
    'noble-security': 'pool/security',
  };
  const empty = 'pool/empty';
  for (const pool of [...Object.values(pools), 'pool/universe', empty]) {
    mkdirSync(join(folder, pool), { recursive: true });
  }
  const priorities: string[] = ['greeting optional misc\n'];
  for (const { name, sha256: sum } of debs.packages) {
    const deb = join(folder, pools.noble, `${name}.deb`);
    linkSync(stored(sum), deb);
    const required = settings.required.includes(name);
    const section = run('dpkg-deb', ['-f', deb, 'Section'], '/').toString().trim();
    priorities.push(`${name} ${required ? 'required' : 'optional'} ${section}\n`);
  }
  const override = join(folder, 'override');
  writeFileSync(override, priorities.join(''));
  const original = (name: string) => join(folder, pools.noble, `${name}.deb`);
  changed(original('hostname'), join(folder, pools['noble-updates'], 'hostname.deb'), newerVersion);
  changed(
    original('base-files'),
    join(folder, pools['noble-security'], 'base-files.deb'),
    (tree) => {
      newerVersion(tree);
      edit(join(tree, 'usr/lib/os-release'), /^ID=debian$/m, 'ID=ubuntu');
      // It is checked when the package is verified.
      run('sh', ['-c', 'rm -f DEBIAN/md5sums'], tree);
    },
  );
  greeting(join(folder, 'pool/universe/greeting.deb'));

  const key = await newKey();
  for (const [suite, pool] of Object.entries(pools)) {
    const sums = [
      ...addIndex(folder, `dists/${suite}/main/binary-amd64/Packages`, pool, override),
      ...addIndex(
        folder,
        `dists/${suite}/universe/binary-amd64/Packages`,
        suite === 'noble' ? 'pool/universe' : empty,
        override,
      ),
    ];
    const date = new Date(Date.now() - 3_600_000);
    const text = [
      'Origin: Ubuntu',
      `Suite: ${suite}`,
      'Codename: noble',
      `Date: ${date.toUTCString().replace('GMT', 'UTC')}`,
      'Architectures: amd64',
      'Components: main universe',
      'SHA256:',
      ...sums,
      '',
    ];
    const signed = await clearSign(text.join('\n'), key, { created: date });
    writeFileSync(join(folder, 'dists', suite, 'InRelease'), signed);
  }
  if (readdirSync(join(folder, pools.noble)).length < 50) throw new Error('too few packages');
  return { folder, publicKey: key.publicKey };
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { missing } from './engines.ts';

const sources = join(import.meta.dirname, '../rpm');
const specs = join(sources, 'specs');
const signer = 'security@testdist.example';

/** Options of gpg for keys without a passphrase. */
export const unlocked = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', ''];

/** Seconds since 1970: when every package and every list of the distribution was made. */
const made = 1_700_000_000;

const has = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));

const programs = ['rpmbuild', 'rpmsign', 'createrepo_c', 'modifyrepo_c', 'gpg', 'zstd', 'busybox'];
const absent = programs.filter((program) => !has(program));

/** Says why no distribution of packages of rpm can be made here; empty where it can. */
export const noRpm: string | undefined = missing(
  `the machine has no ${absent.join(', ')}, or is not amd64`,
  absent.length === 0 && process.arch === 'x64',
);

/** A small distribution of two repositories: packages of shell and libraries, all signed. */
export interface RpmDistribution {
  /** Holds `BaseOS` and `AppStream`. */
  readonly folder: string;
  /** The armored public key. */
  readonly key: string;
  /** Fingerprint of the key, upper-case. */
  readonly fingerprint: string;
  /** The mail address of the key. */
  readonly signer: string;
  /** Lists a repository's packages anew, at a time, and signs the list. */
  index(repository: string, time?: number): void;
  /** Builds a package of BaseOS from its spec, changed, and lists it at a later time. */
  build(name: string, change: (spec: string) => string): void;
  /** Signs every package and every list anew with a key that `run` has, in place of the distribution's. */
  signAll(signer: string): void;
  /** Puts a file in the place of another. */
  write(file: string, bytes: Uint8Array): void;
  /** Runs rpmsign, gpg or another program with the distribution's key at hand. */
  run(program: string, ...args: string[]): string;
}

const macros = (top: string): string =>
  `%_buildshell /bin/bash
%_topdir ${top}
%_gpg_name ${signer}
%__gpg /usr/bin/gpg
%debug_package %{nil}
%__os_install_post %{nil}
%_build_id_links none
%dist .td1
%vendor Testdist
%_buildhost builder.testdist.example
%use_source_date_epoch_as_buildtime 1
%build_mtime_policy clamp_to_source_date_epoch
%clamp_mtime_to_source_date_epoch 1
%_libdir /usr/lib64
%_binary_payload w3.zstdio
%test_key ${top}/../RPM-GPG-KEY-testdist
`;

function runner(home: string) {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GNUPGHOME: join(home, 'gnupg'),
    SOURCE_DATE_EPOCH: String(made),
    LC_ALL: 'C',
    RPM_FORCE_DEBIAN: '1',
  };
  return (program: string, ...args: string[]): string =>
    execFileSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

type Runner = ReturnType<typeof runner>;

const compressions: Readonly<Record<string, 'zstd' | 'xz'>> = { BaseOS: 'zstd', AppStream: 'xz' };

/** Compresses the lists of a repository with zstd, which the createrepo_c of Debian 12 does not know. */
function withZstd(place: string, run: Runner): void {
  const file = join(place, 'repodata/repomd.xml');
  const text = readFileSync(file, 'utf8').replace(/<data .*?<\/data>/gs, (data) => {
    const [, href = ''] = /href="([^"]+)"/.exec(data) ?? [];
    const plain = join(place, href.replace(/\.gz$/, ''));
    run('gzip', '-d', join(place, href));
    run('zstd', '-q', '--rm', plain);
    const bytes = readFileSync(`${plain}.zst`);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const name = `repodata/${digest}-${plain.slice(plain.lastIndexOf('-') + 1)}.zst`;
    renameSync(`${plain}.zst`, join(place, name));
    return data
      .replace(/(<checksum[^>]*>)[^<]*/, `$1${digest}`)
      .replace(/<size>\d+/, `<size>${bytes.length}`)
      .replace(/href="[^"]+"/, `href="${name}"`);
  });
  writeFileSync(file, text);
}

function indexing(folder: string, run: Runner) {
  const sign = (repository: string, by: string) => {
    const repomd = join(folder, repository, 'repodata/repomd.xml');
    run('gpg', '--batch', '--yes', '--armor', '-u', by, '--detach-sign', repomd);
  };
  const index = (repository: string, time = made, by = signer) => {
    const place = join(folder, repository);
    rmSync(join(place, 'repodata'), { recursive: true, force: true });
    const isZstd = compressions[repository] === 'zstd';
    run(
      ...(['createrepo_c', '--quiet', '--checksum', 'sha256', '--no-database'] as const),
      `--general-compress-type=${isZstd ? 'gz' : 'xz'}`,
      ...['--revision', String(time), '--set-timestamp-to-revision', place],
    );
    if (isZstd) withZstd(place, run);
    if (repository === 'AppStream') {
      const modules = join(sources, 'modules.yaml');
      run('modifyrepo_c', '--mdtype=modules', '--compress-type=gz', modules, `${place}/repodata`);
    }
    sign(repository, by);
  };
  const signAll = (by: string) => {
    for (const repository of Object.keys(compressions)) {
      const place = join(folder, repository, 'Packages');
      const files = readdirSync(place).map((name) => join(place, name));
      run('rpmsign', '--define', `_gpg_name ${by}`, '--resign', ...files);
      index(repository, made, by);
    }
  };
  const build = (name: string, change: (spec: string) => string) => {
    const top = mkdtempSync(join(tmpdir(), 'rpm-made-'));
    const spec = join(top, `${name}.spec`);
    writeFileSync(spec, change(readFileSync(join(specs, `${name}.spec`), 'utf8')));
    run('rpmbuild', '-bb', '--quiet', '--nodeps', '--define', `_topdir ${top}`, spec);
    for (const file of rpmsIn(top)) {
      run('rpmsign', '--addsign', file);
      cpSync(file, join(folder, 'BaseOS/Packages', basename(file)));
    }
    rmSync(top, { recursive: true, force: true });
    index('BaseOS', made + 3600);
  };
  const write = (file: string, bytes: Uint8Array) => {
    rmSync(file, { force: true });
    writeFileSync(file, bytes);
  };
  return { index, build, signAll, write };
}

function makeKey(home: string, run: Runner): void {
  mkdirSync(join(home, 'gnupg'), { recursive: true, mode: 0o700 });
  const name = `Testdist (1) <${signer}>`;
  run(
    'gpg',
    ...unlocked,
    '--faked-system-time',
    `${made - 1000}`,
    '--quick-gen-key',
    name,
    'rsa2048',
    'sign',
    'never',
  );
  writeFileSync(join(home, 'RPM-GPG-KEY-testdist'), run('gpg', '--armor', '--export', signer));
}

/** Returns the packages that rpmbuild left. */
const rpmsIn = (top: string): string[] =>
  readdirSync(join(top, 'RPMS'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.rpm'))
    .map((file) => join(top, 'RPMS', file));

function makePackages(home: string, run: Runner): void {
  const top = join(home, 'rpmbuild');
  mkdirSync(top);
  writeFileSync(join(home, '.rpmmacros'), macros(top));
  for (const spec of readdirSync(specs)) {
    run('rpmbuild', '-bb', '--quiet', '--nodeps', join(specs, spec));
  }
  const packages = rpmsIn(top);
  run('rpmsign', '--addsign', ...packages);
  for (const file of packages) {
    const name = basename(file);
    const repository = /^(?:m|failing)/.test(name) ? 'AppStream' : 'BaseOS';
    const to = join(home, 'dist', repository, 'Packages');
    mkdirSync(to, { recursive: true });
    renameSync(file, join(to, name));
  }
}

/** Makes the distribution in a folder whose name is short: gpg's agent listens on a socket there. */
function make(home: string): void {
  const run = runner(home);
  makeKey(home, run);
  makePackages(home, run);
  const { index } = indexing(join(home, 'dist'), run);
  for (const repository of Object.keys(compressions)) index(repository);
}

/** The sources of the distribution, by their digest: it is made once for each. */
function sourceDigest(): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename));
  for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(?:spec|yaml)$/.test(file)) hash.update(readFileSync(join(sources, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Returns a copy of the distribution in `folder`, which must not exist; it is made once a run of the tests. */
export function rpmDistribution(folder: string): RpmDistribution {
  const home = join(process.env.MKBASE_TEST_CACHE ?? tmpdir(), `rpm-${sourceDigest()}`);
  if (!existsSync(home)) {
    const draft = mkdtempSync(join(tmpdir(), 'rpm-made-'));
    make(draft);
    // Another test may make it at the same time: whichever comes first is there whole.
    const whole = `${home}-${basename(draft)}`;
    cpSync(draft, whole, { recursive: true, filter: (file) => !file.includes('/S.') });
    rmSync(draft, { recursive: true, force: true });
    try {
      renameSync(whole, home);
    } catch {
      rmSync(whole, { recursive: true, force: true });
    }
  }
  cpSync(join(home, 'dist'), folder, { recursive: true });
  const own = mkdtempSync(join(tmpdir(), 'rpm-made-'));
  for (const part of ['gnupg', '.rpmmacros']) {
    cpSync(join(home, part), join(own, part), { recursive: true });
  }
  const run = runner(own);
  const [, fingerprint = ''] =
    /^fpr:+([0-9A-F]{40}):/m.exec(run('gpg', '--with-colons', '--fingerprint', signer)) ?? [];
  const key = readFileSync(join(home, 'RPM-GPG-KEY-testdist'), 'utf8');
  return { folder, key, signer, fingerprint, run, ...indexing(folder, run) };
}

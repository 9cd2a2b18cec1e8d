import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { platforms } from '../../src/base/platform.ts';
import { baseSet } from '../../src/kinds/debootstrap/choose/base-set.ts';
import { variantOption } from '../../src/kinds/debootstrap/debootstrap-shell.ts';
import { type DebootstrapSource, debootstrap } from '../../src/kinds/debootstrap/schema.ts';
import { suiteRelease } from '../../src/packages/deb/archive/suite-release.ts';
import { closeSuites, openIndexes } from '../../src/packages/deb/choose/open-suite.ts';
import type { LockedDebs } from '../../src/packages/deb/locked-debs.ts';
import { openStore } from '../../src/store/store.ts';
import { buildArchive, type TestArchive, type TestPackage } from '../support/debian-archive.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readLockFile } from './support/debootstrap-by-hand.ts';
import { mkbase } from './support/mkbase.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
const work = temporaryFolder({ shared: true });
const required = { Priority: 'required' };
const essential = { ...required, Essential: 'yes' };
const important = { Priority: 'important' };

/** Packages that lead into every corner of the rules. */
const packages: readonly TestPackage[] = [
  { name: 'base-files', fields: { ...essential, 'Pre-Depends': 'awk', Depends: 'libc6 (>= 2)' } },
  { name: 'mawk', fields: { ...required, Provides: 'awk', Depends: 'libm:any (= 1.0-1)' } },
  { name: 'init', fields: { Essential: 'yes', Depends: 'systemd-sysv | sysvinit-core' } },
  { name: 'sysvinit-core' },
  { name: 'libc6', fields: { Depends: 'libgcc-s1,libcrypt1(>= 1)|other' } },
  { name: 'libc6', version: '2', fields: { Depends: 'gcc-base' } },
  ...['libm', 'libgcc-s1', 'libcrypt1', 'gcc-base', 'other'].map((name) => ({ name })),
  { name: 'apt', fields: { Depends: 'usrmerge | usr-is-merged, missing, adduser' } },
  { name: 'adduser', fields: { Depends: 'passwd' } },
  { name: 'passwd', fields: { ...required, Depends: 'base-files, login' } },
  { name: 'login' },
  { name: 'build-essential', fields: { Depends: 'gcc, make' } },
  { name: 'gcc', fields: { 'Pre-Depends': 'libc6' } },
  { name: 'make', fields: { Recommends: 'other' } },
  { name: 'usrmerge', fields: { Depends: 'perl' } },
  { name: 'usr-is-merged' },
  { name: 'perl' },
  { name: 'twice', fields: important },
  { name: 'twice', version: '2', fields: { Priority: 'optional' } },
  { name: 'again', fields: { Priority: 'optional' } },
  { name: 'again', version: '2', fields: important },
  { name: 'cron', fields: { ...important, Depends: 'again, cron-daemon-common' } },
  { name: 'cron-daemon-common', fields: { Priority: 'standard' } },
  // debootstrap does not see a last stanza without an empty line after it.
  { name: 'last' },
];

let share: string;
let suites: TestArchive;
const unsigned = join(work, 'unsigned');

/** The suites whose rules differ, each with the base sets that show it. */
const cases = [
  { suite: 'trixie', distro: 'debian', variants: ['minbase', 'buildd', 'standard'] },
  { suite: 'bookworm', distro: 'debian', variants: ['minbase', 'buildd'] },
  { suite: 'bullseye', distro: 'debian', variants: ['buildd'] },
  { suite: 'sid', distro: 'debian', variants: ['buildd'] },
  { suite: 'noble', distro: 'ubuntu', variants: ['buildd', 'standard'] },
].flatMap(({ variants, ...suite }) => variants.map((variant) => ({ ...suite, variant })));

beforeAll(async () => {
  const out = join(work, 'lock');
  expect(await mkbase(['lock', 'debian', '--out', out], { cwd: work })).toMatchObject({ code: 0 });
  const toolchain = readLockFile(out).toolchain?.from as unknown as { readonly debs: LockedDebs };
  const { indexes, packages: tools } = toolchain.debs;
  const { filename } = tools.find(({ name }) => name === 'debootstrap')!;
  const deb = join(work, 'debootstrap.deb');
  const response = await fetch(`${indexes[0]!.mirror}/${filename}`);
  writeFileSync(deb, Buffer.from(await response.arrayBuffer()));
  execFileSync('dpkg-deb', ['-x', deb, work]);
  share = join(work, 'usr/share/debootstrap');
  mkdirSync(join(work, 'bin'));
  writeFileSync(join(work, 'bin/wget'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(work, 'bin/wget'), 0o755);
  suites = await buildArchive({ packages });
  for (const suite of new Set(cases.map((each) => each.suite))) {
    await buildArchive({ packages, suite, into: suites });
    // debootstrap reads no lines that end as those of this archive's signed files do.
    const release = readFileSync(join(suites.folder, 'dists', suite, 'InRelease'), 'utf8');
    const [, text = ''] = /\r?\n\r?\n([\s\S]*?)-----BEGIN PGP SIGNATURE/.exec(release) ?? [];
    mkdirSync(join(unsigned, 'dists', suite), { recursive: true });
    writeFileSync(join(unsigned, 'dists', suite, 'Release'), text.replaceAll('\r', ''));
    const main = join('dists', suite, 'main');
    symlinkSync(join(suites.folder, main), join(unsigned, main));
  }
}, 120_000);

/** The names that the real debootstrap prints. */
function printed({ suite, variant, exclude }: DebootstrapSource): string[] {
  const names = ['usrmerge', ...Object.keys(exclude)].join(',');
  const options = [...variantOption(variant), '--arch=amd64', `--exclude=${names}`];
  const target = temporaryFolder();
  const args = ['--no-check-sig', '--print-debs', ...options, suite, target, `file://${unsigned}`];
  const text = execFileSync(join(work, 'usr/sbin/debootstrap'), args, {
    encoding: 'utf8',
    env: {
      PATH: [join(work, 'bin'), process.env.PATH].join(delimiter),
      DEBOOTSTRAP_DIR: share,
      LC_ALL: 'C',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return text.trim().split(/\s+/).sort();
}

async function ours(source: DebootstrapSource): Promise<string[]> {
  const context = {
    ...{ store: await openStore(temporaryFolder()), offline: false, now: new Date() },
    ...{ distribution: source.distro, mirrors: { main: suites.url, security: suites.url } },
    keyrings: [suites.keyFile],
  };
  const { suite: label, components } = source;
  const release = await suiteRelease('main', label, context, io);
  const wanted = [{ label, release, components, context }];
  const opened = await openIndexes(wanted, platforms['linux/amd64'], io);
  try {
    const { indexes } = opened[0]!;
    return await baseSet({ source, codename: release.codename, indexes });
  } finally {
    await closeSuites(opened);
  }
}

describe('the base set that mkbase chooses is the one that debootstrap prints', () => {
  test.each(cases)('for $variant of $suite', async (fields) => {
    const source = debootstrap.parse(fields);
    const expected = printed(source);
    expect(expected.length).toBeGreaterThan(8);
    expect(await ours(source)).toEqual(expected);
  });

  test('without what the recipe leaves out, as far as nothing depends on it', async () => {
    const exclude = { cron: 'not needed', login: 'not needed' };
    const source = debootstrap.parse({ suite: 'trixie', variant: 'standard', exclude });
    const expected = printed(source);
    expect(expected).toContain('login');
    expect(expected).not.toContain('cron');
    expect(await ours(source)).toEqual(expected);
  });
});

import { execFileSync } from 'node:child_process';

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { type Server, serve } from '../support/http-server.ts';
import { sha256Of } from '../support/store.ts';
import { buildsFolder, engineArgs, lines, listing, readJson } from './support/alpine-builds.ts';
import {
  type ArchRepository,
  archRecipe,
  archRepository,
  type Hostile,
  makePackage,
  noArch,
  packagesFolder,
} from './support/arch/repository.ts';
import { everySetting, works } from './support/engines.ts';
import { walkEveryCommand } from './support/every-command.ts';
import { mkbase, type RunSettings } from './support/mkbase.ts';

const { work, recipe } = buildsFolder();
const settingsThere = everySetting.filter((each) => !each.missing);

interface Locked {
  readonly from: {
    readonly pacman: {
      readonly wanted: string[];
      readonly packages: {
        readonly name: string;
        readonly version: string;
        readonly base: string;
        readonly signature: { readonly signedBy: string };
      }[];
    };
  };
}

interface Bill {
  readonly components: {
    readonly name: string;
    readonly purl?: string;
    readonly licenses?: { readonly expression?: string }[];
  }[];
}

/** Debian's pacman, to ask it about a tree. */
const toolRecipe = `name: pacman-tool
from:
  debs: { suite: trixie, packages: [pacman-package-manager, dash, coreutils, tar] }
files: [{ path: /tmp, directory: true, mode: "1777" }]
`;

describe.skipIf(noArch)(`packages of Arch${noArch ? `: left out, ${noArch}` : ''}`, () => {
  let mirror: ArchRepository;
  let server: Server;
  beforeAll(async () => {
    mirror = await archRepository(join(work, 'distribution'));
    server = await serve(mirror.root);
    return server.close;
  });

  const run = (args: readonly string[], settings: Omit<RunSettings, 'cwd'> = {}) =>
    mkbase(args, {
      cwd: work,
      ...settings,
      env: { ...settings.env, MKBASE_ARCH_MIRROR: server.url },
    });

  const project = (name: string, packages: readonly string[], more = '') =>
    recipe(name, `${archRecipe(mirror, packages)}${more}`, {
      'keyring.asc': mirror.keyring,
    });

  async function build(folder: string, args: readonly string[] = engineArgs, settings = {}) {
    const all = ['build', folder, '--out', join(folder, 'out'), '--json', ...args];
    const done = await run(all, settings);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    return JSON.parse(done.stdout) as BuildResult;
  }

  const daemonTest = 'test: [{ run: [daemon], stdout: installed by 0 }]\n';

  test('make one digest on every engine, with scripts, hooks and accounts', async () => {
    const digests = new Set<string>();
    for (const { title, engine, settings } of settingsThere) {
      const folder = project(`own-${title.replaceAll(' ', '-')}`, ['daemon'], daemonTest);
      const result = await build(folder, ['--engine', engine], settings());
      expect(result.tests.map(({ passed }) => passed)).toEqual([true]);
      digests.add(`${result.diffId} ${result.manifestDigest}`);
    }
    expect([...digests]).toHaveLength(1);
  });

  test('are pinned by a lock that names each packager', async () => {
    const folder = project('locked', ['daemon']);
    const tar = join(folder, 'rootfs.tar');
    await build(folder, [...engineArgs, '--output', `type=rootfs,dest=${tar}`]);
    const { pacman } = readJson<Locked>(join(folder, 'out/lock.json')).from;
    expect(pacman.wanted).toEqual(['daemon']);
    expect(pacman.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'bash 5.2.037-5',
      'coreutils 9.7-1',
      'daemon 2:1.0-1',
      'filesystem 2026.1-1',
      'glibc 2.41+r6-1',
      'sysusers 1-1',
    ]);
    const signers = new Set(pacman.packages.map(({ signature }) => signature.signedBy));
    expect([...signers]).toEqual([mirror.packager.fingerprint]);
    const files = listing(tar);
    expect(files).toEqual(
      expect.arrayContaining([
        'proc/ dr-xr-xr-x 0/0 0',
        'tmp/ drwxrwxrwt 0/0 0',
        'root/ drwxr-x--- 0/0 0',
      ]),
    );
    expect(files.filter((line) => /mkbase|pacman\/sync|pacman\.log|aux-cache/.test(line))).toEqual(
      [],
    );
    const textOf = (path: string) => execFileSync('tar', ['-xOf', tar, path], { encoding: 'utf8' });
    expect(textOf('etc/hosts')).toBe('127.0.0.1 localhost of-the-package\n');
    expect(lines(textOf('etc/passwd')).map((line) => line.split(':')[0])).toEqual([
      'root',
      'daemon',
    ]);
    const desc = textOf('var/lib/pacman/local/daemon-2:1.0-1/desc');
    expect(desc).toContain('%INSTALLDATE%\n1780000000\n');
    expect(desc).not.toContain('%REASON%');
    expect(textOf('var/lib/pacman/local/bash-5.2.037-5/desc')).toContain('%REASON%\n1\n');
  });
  test('are in the image as pacman itself, the lock and the bill of materials say', async () => {
    const folder = project('checked', ['daemon'], daemonTest);
    const tar = join(folder, 'rootfs.tar');
    await build(folder, [...engineArgs, '--output', `type=rootfs,dest=${tar}`]);
    // pacman of Debian, in a root filesystem of its own, looks at the one that was built.
    const tool = recipe('tool', toolRecipe);
    const tools = join(tool, 'rootfs.tar');
    await build(tool, [...engineArgs, '--output', `type=rootfs,dest=${tools}`]);
    const asked = (...words: string[]) => {
      const script = [
        'mkdir /tmp/r && tar -xpf /tree.tar -C /tmp/r --numeric-owner',
        'echo "[options]" >/tmp/conf',
        'exec pacman --config /tmp/conf --root /tmp/r --dbpath /tmp/r/var/lib/pacman "$@"',
      ].join('\n');
      const root = join(work, `root-${words.join('')}`);
      mkdirSync(root);
      execFileSync('tar', ['-xpf', tools, '-C', root]);
      execFileSync('cp', [tar, join(root, 'tree.tar')]);
      return execFileSync('chroot', [root, '/bin/sh', '-euc', script, 'sh', ...words], {
        encoding: 'utf8',
        env: { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      });
    };
    const { packages } = readJson<Locked>(join(folder, 'out/lock.json')).from.pacman;
    const locked = packages.map(({ name, version }) => `${name} ${version}`);
    expect(lines(asked('-Q'))).toEqual(locked);
    expect(lines(asked('-Qk')).filter((line) => !/, 0 missing files$/.test(line))).toEqual([]);
    // The database is whole, and only the accounts are other than the packages brought them.
    expect(asked('-Dk')).toMatch(/^No database errors/);
    const { components } = readJson<Bill>(join(folder, 'out/sbom.cdx.json'));
    const found = components.flatMap(({ purl = '' }) => (purl.startsWith('pkg:alpm/') ? purl : []));
    expect(found.sort()).toEqual([
      'pkg:alpm/arch/bash@5.2.037-5?arch=x86_64&distro=arch',
      'pkg:alpm/arch/coreutils@9.7-1?arch=x86_64&distro=arch',
      'pkg:alpm/arch/daemon@2:1.0-1?arch=x86_64&distro=arch',
      'pkg:alpm/arch/filesystem@2026.1-1?arch=any&distro=arch',
      'pkg:alpm/arch/glibc@2.41+r6-1?arch=x86_64&distro=arch',
      'pkg:alpm/arch/sysusers@1-1?arch=x86_64&distro=arch',
    ]);
    const licences = components.flatMap(({ name, licenses }) =>
      name === 'glibc' || name === 'daemon' ? licenses?.map(({ expression }) => expression) : [],
    );
    expect(licences).toEqual(['MIT OR Apache-2.0', 'LGPL-2.1-or-later AND GPL-2.0-or-later']);
  });

  const hostile: readonly (readonly [string, () => Hostile, string, RegExp, RegExp])[] = [
    [
      'by a packager whom only two masters certify',
      () => ({ signers: { coreutils: mirror.stranger } }),
      'SOURCE_UNTRUSTED',
      /coreutils 9\.7-1 .*is not signed by a packager whom the master keys vouch for/,
      /is certified by 2 of 5 master keys; expected at least 3/,
    ],
    [
      'by a packager whose key is revoked',
      () => ({ signers: { coreutils: mirror.lost } }),
      'SOURCE_UNTRUSTED',
      /coreutils 9\.7-1 .*has no valid signature by a trusted key/,
      /was revoked on 2025-06-01/,
    ],
    [
      'without a signature',
      () => ({ signers: { coreutils: undefined } }),
      'SOURCE_UNTRUSTED',
      /coreutils 9\.7-1 .*is not signed: there is no .*\.sig/,
      /Each package needs the \.sig of its packager/,
    ],
    [
      'with the signature of another file',
      () => ({ signatureOf: { coreutils: 'bash' } }),
      'SOURCE_UNTRUSTED',
      /coreutils 9\.7-1 .*has no valid signature by a trusted key/,
      /Do not use this mirror until it is known why/,
    ],
    [
      'whose database lies about its sha256',
      () => ({ lies: { coreutils: { SHA256SUM: ['0'.repeat(64)] } } }),
      'SOURCE_CORRUPT',
      /coreutils-9\.7-1-x86_64\.pkg\.tar\.zst/,
      /0000000000000000/,
    ],
    [
      'that is another than the database says',
      () => ({ lies: { coreutils: { VERSION: ['9.8-1'] } } }),
      'SOURCE_CORRUPT',
      /coreutils 9\.8-1 .*not the package that the database of the repository lists/,
      /found {4}coreutils 9\.7-1 for x86_64/,
    ],
    [
      'under the name of another',
      () => {
        const other = mirror.built.find(({ info }) => info.pkgname?.[0] === 'rival');
        const lies = { FILENAME: [other?.file ?? ''], SHA256SUM: [sha256Of(other?.bytes ?? '')] };
        return { lies: { coreutils: { ...lies, CSIZE: [String(other?.bytes.length)] } } };
      },
      'SOURCE_CORRUPT',
      /coreutils 9\.7-1 .*not the package that the database of the repository lists/,
      /found {4}rival 1-1 for any/,
    ],
    [
      'that a database wants for nothing',
      () => ({ lies: { coreutils: { DEPENDS: ['glibc', 'broken'] } } }),
      'BUILD_OUTPUT',
      /missing broken 1-1 any/,
      /states other dependencies than the packages themselves/,
    ],
  ];

  test.each(hostile)('are refused %s', async (title, change, code, what, cure) => {
    const folder = project(`hostile-${title.replaceAll(' ', '-')}`, ['daemon']);
    await mirror.write(change());
    const done = await run(['build', folder, '--out', join(folder, 'out'), ...engineArgs]);
    await mirror.write();
    expect(done.code).not.toBe(0);
    const words = done.stderr.replace(/\n {6}/g, ' ');
    expect(words).toContain(`code: ${code}`);
    expect(words).toMatch(what);
    expect(words).toMatch(cure);
    expect(words).toContain('hint: ');
    expect(existsSync(join(folder, 'recipe.lock.json'))).toBe(code === 'BUILD_OUTPUT');
    expect(existsSync(join(folder, 'out/provenance.json'))).toBe(false);
  });

  test.each([
    ['script', 'broken', /install script \(\.INSTALL\) of broken that failed/],
    ['hook', 'broken-hook', /the hook "Failing on purpose\.\.\." that failed/],
  ])('are refused when a %s fails, though pacman exits with 0', async (what, name, words) => {
    const folder = recipe(
      `failing-${what}`,
      archRecipe(mirror, ['coreutils', name]).replace('arch-own', `arch-failing-${what}`),
      { 'keyring.asc': mirror.keyring },
    );
    const done = await run(['build', folder, '--out', join(folder, 'out'), ...engineArgs]);
    expect(done.code).not.toBe(0);
    expect(done.stderr.replace(/\n {6}/g, ' ')).toMatch(words);
    expect(done.stderr).toContain('code: BUILD_FAILED');
    expect(existsSync(join(folder, 'out/provenance.json'))).toBe(false);
    expect(works('docker', 'image', 'inspect', `mkbase/arch-failing-${what}`)).toBe(false);
  });

  test.each([
    [['daemom'], 'PACKAGE_NOT_FOUND', /There is no package daemom .*Did you mean daemon/],
    [['rival', 'coreutils'], 'PACKAGE_CONFLICT', /rival-1-1 and coreutils-9\.7-1 are in conflict/],
  ])('that cannot be had are named: %j', async (wanted, code, words) => {
    const done = await run(['lock', project(`wanted-${wanted.join('-')}`, wanted)]);
    expect(done.stderr.replace(/\n {6}/g, ' ')).toMatch(words);
    expect(done.stderr).toContain(`code: ${code}`);
  });

  test('go through every command', async () => {
    const folder = project('commands', ['daemon'], daemonTest);
    const pkgbuild = join(folder, 'coreutils');
    execFileSync('cp', ['-r', join(packagesFolder, 'coreutils'), pkgbuild]);
    const text = readFileSync(join(pkgbuild, 'PKGBUILD'), 'utf8');
    writeFileSync(join(pkgbuild, 'PKGBUILD'), text.replace('pkgver=9.7', 'pkgver=9.9'));
    const { masters, packager, stranger } = mirror;
    await walkEveryCommand({
      ...{ kind: 'pacman', shipped: 'arch', folder, purl: 'pkg:alpm/arch/', packages: 6, run },
      away: (args) => {
        const env = { XDG_CACHE_HOME: join(work, 'empty-cache'), MKBASE_ARCH_MIRROR: '/nowhere' };
        return mkbase(args, { cwd: work, env });
      },
      renew: () => mirror.write({ more: [makePackage(pkgbuild, join(folder, 'made'))] }),
      renewed: { name: 'coreutils', old: '9.7-1', new: '9.9-1' },
      ...{ allowed: masters[0]!, signer: packager.fingerprint, stranger: stranger.fingerprint },
    });
    await mirror.write();
  });
});

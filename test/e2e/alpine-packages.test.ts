import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Lock } from '../../src/lock/schema.ts';
import { compareApkVersions } from '../../src/packages/apk/apk-version.ts';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { apkRepository, buildApk, signatureMember } from '../support/apk.ts';
import { type Server, serve } from '../support/http-server.ts';
import { apksIn } from '../support/lock.ts';
import { noAlpine } from './support/alpine.ts';
import {
  allowUnsigned,
  buildsFolder,
  engineArgs,
  lines,
  listing,
  readJson,
  rootRecipe,
  webRecipe,
} from './support/alpine-builds.ts';
import { publishedEntries } from './support/alpine-packages.ts';
import { type AlpineRepository, alpineRepository, writeAll } from './support/alpine-repository.ts';
import { everySetting, missing } from './support/engines.ts';
import { mkbase, type RunSettings } from './support/mkbase.ts';

const { work, recipe, run, unpacked } = buildsFolder();

const settingsThere = everySetting.filter((each) => !each.missing);
const docker = everySetting.find(({ engine }) => engine === 'docker');
/** An engine that keeps images of any architecture: Docker imports each as one of its own. */
const namespace = settingsThere.find(({ engine }) => engine === 'namespace');
const foreignArgs = namespace ? ['--engine', namespace.engine] : engineArgs;
const canChroot = process.getuid?.() === 0 && process.arch === 'x64';
const noChroot = missing('the tests do not run as root on amd64', canChroot);

/** Whether the kernel runs programs of 64-bit Arm: it was told of an emulator, or is one itself. */
async function runsArm(): Promise<boolean> {
  const path = 'lib/ld-musl-aarch64.so.1';
  const loader = (await publishedEntries('aarch64')).find((each) => each.path === path);
  if (loader?.type !== 'file' || !('bytes' in loader.content)) throw new Error('no loader');
  const file = join(work, 'ld-musl-aarch64');
  writeFileSync(file, loader.content.bytes, { mode: 0o755 });
  // Shells, and whatever else calls execvp(3), would take it for a script.
  const script =
    'import os, sys\ntry: os.execv(sys.argv[1], sys.argv[1:])\nexcept OSError: sys.exit(42)';
  return spawnSync('python3', ['-c', script, file]).status !== 42;
}

describe.skipIf(noAlpine)(`packages of Alpine${noAlpine ? `: left out, ${noAlpine}` : ''}`, () => {
  let mirror: AlpineRepository;
  let server: Server;
  beforeAll(async () => {
    mirror = await alpineRepository(join(work, 'mirror'), ['x86_64', 'aarch64']);
    server = await serve(mirror.folder);
    return server.close;
  });

  const published = (arch: string) =>
    join(mirror.folder, `v3.20/releases/${arch}/alpine-minirootfs-3.20.3-${arch}.tar.gz`);
  const believed = () => ({ [mirror.key.name]: mirror.key.publicKey });

  async function build(
    args: readonly string[],
    settings?: Omit<RunSettings, 'cwd'>,
    from = server.url,
  ): Promise<BuildResult> {
    const done = await run(args, from, settings);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    return JSON.parse(done.stdout) as BuildResult;
  }

  /** Builds one recipe with every engine; resolves to the digests that came of it. */
  async function digestsOf(name: string, text: string): Promise<string[]> {
    const digests = new Set<string>();
    for (const { title, engine, settings } of settingsThere) {
      const folder = recipe(`${name}-${title.replaceAll(' ', '-')}`, text, believed());
      const result = await build([folder, '--engine', engine, ...allowUnsigned], settings());
      expect(result.tests.map(({ passed }) => passed)).toEqual([true]);
      digests.add(`${result.diffId} ${result.manifestDigest}`);
    }
    return [...digests];
  }

  test('are added to a minirootfs with one digest on every engine', async () => {
    expect(await digestsOf('web', webRecipe)).toHaveLength(1);
  });

  test("leave the archive's own layer below them with --layers base", async () => {
    const base = 'name: below\nfrom: { minirootfs: { distro: alpine, release: "3.20" } }\n';
    const files = { 'base.yaml': base, ...believed() };
    const folder = recipe(
      'on-base',
      'name: top\nextends: ./base.yaml\npackages: [webapp]\n',
      files,
    );
    const output = ['--output', 'type=oci', ...engineArgs, ...allowUnsigned];
    const made = await build([folder, '--layers', 'base', ...output]);
    const below = recipe('below', base, believed());
    expect(made.diffIds).toEqual([(await build([below, ...output])).diffId, expect.any(String)]);
    const verified = await mkbase(['verify', join(folder, 'out'), '--recipe', folder], {
      cwd: work,
    });
    expect(verified, verified.stdout).toMatchObject({ code: 0 });
  });

  test('come as their own apk installs them, with owners, accounts, scripts and triggers', async () => {
    const folder = recipe('web', webRecipe);
    const tar = join(folder, 'rootfs.tar');
    await build([folder, ...engineArgs, ...allowUnsigned, '--output', `type=rootfs,dest=${tar}`]);
    const files = listing(tar);
    expect(files).toEqual(
      expect.arrayContaining([
        'usr/bin/webapp-start -> webapp lrwxrwxrwx 0/0 0',
        'usr/bin/setuid -rwsr-xr-x 0/0 8',
        'var/lib/webapp/ drwxr-xr-x 150/150 0',
      ]),
    );
    expect(files.filter((line) => /mkbase|passwd-|var\/cache\/apk\/\S/.test(line))).toEqual([]);
    const textOf = (path: string) => execFileSync('tar', ['-xOf', tar, path], { encoding: 'utf8' });
    const world = ['alpine-baselayout', 'alpine-keys', 'apk-tools', 'busybox', 'libc-utils'];
    expect(lines(textOf('etc/apk/world'))).toEqual([...world, 'special', 'webapp']);
    // 2024-09-06, the day of the release, and not that on which the account was made.
    expect(textOf('etc/shadow')).toContain('\nwebapp:!:19972:0:99999:7:::\n');
    expect(textOf('var/lib/webapp-trigger')).toBe('index.html\n');
    expect(readFileSync(tar).includes('SCHILY.xattr.security.capability=')).toBe(true);
  });

  test('are pinned by a lock that says why they are believed', () => {
    const apks = apksIn(readJson<Lock>(join(work, 'web/out/lock.json')));
    expect(apks?.wanted).toEqual(['special', 'webapp']);
    const packages = apks?.packages.map((each) => `${each.name} ${each.version} ${each.origin}`);
    expect(packages).toEqual([
      'special 1.0-r0 special',
      'webapp 1.2.3-r1 webapp',
      'webapp-common 1.2.3-r1 webapp',
    ]);
    expect(apks?.indexes).toEqual(
      ['v3.20/main', 'v3.20/community'].map((repository) =>
        expect.objectContaining({
          repository,
          mirror: server.url,
          signedBy: mirror.key.name,
          signature: 'rsa-sha1',
        }),
      ),
    );
  });

  describe.skipIf(noChroot)(
    `beside apk by hand${noChroot ? `: left out, ${noChroot}` : ''}`,
    () => {
      let root: string;
      beforeAll(() => {
        root = unpacked(published('x86_64'), 'by-hand');
        execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
        cpSync(join(mirror.folder, 'v3.20/community'), join(root, 'srv'), { recursive: true });
      });

      const inRoot = (...argv: string[]) =>
        execFileSync('chroot', [root, ...argv], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });

      test('their versions are in the same order', () => {
        const parts = ['1', '1.0', '1.00', '1.01', '1.1', '1.10', '1.2a', '1.2b', '1.2'];
        const ends = ['', '_alpha', '_rc1', '_rc2', '_git20240101', '_p', '_p1', '-r0', '-r1'];
        const versions = parts.flatMap((part) => ends.map((end) => part + end));
        const pairs = versions.flatMap((left, at) =>
          [7, 37].flatMap((step) => [left, versions[(at * step + 1) % versions.length] ?? '']),
        );
        const script = 'while [ $# -gt 0 ]; do apk version -t "$1" "$2"; shift 2; done';
        const answers = lines(inRoot('sh', '-c', script, 'sh', ...pairs));
        const own = answers.map((_, at) => {
          const order = compareApkVersions(pairs[2 * at] ?? '', pairs[2 * at + 1] ?? '');
          return order < 0 ? '<' : order > 0 ? '>' : '=';
        });
        expect(own).toEqual(answers);
        expect(own).toHaveLength(2 * versions.length);
      });

      test('an index that apk itself made gives the same packages', async () => {
        const moved = join(work, 'indexed-by-apk');
        cpSync(mirror.folder, moved, { recursive: true });
        const make =
          'cd /srv/x86_64 && apk index --no-network --rewrite-arch x86_64 -d v3.20.3-7-gabc -o /srv/own *.apk';
        inRoot('sh', '-c', make);
        const index = readFileSync(join(root, 'srv/own'));
        const signed = Buffer.concat([await signatureMember(index, mirror.key, 'RSA256'), index]);
        writeFileSync(join(moved, 'v3.20/community/x86_64/APKINDEX.tar.gz'), signed);
        const folder = recipe('indexed-by-apk', webRecipe);
        await build([folder, ...engineArgs, ...allowUnsigned, '--no-test'], {}, moved);
        const [first, second] = ['web', 'indexed-by-apk'].map((name) =>
          apksIn(readJson<Lock>(join(work, name, 'out/lock.json'))),
        );
        expect(second?.packages).toEqual(first?.packages);
        expect(second?.indexes[1]?.signature).toBe('rsa-sha256');
      });

      test('what is installed is the same, but for what is written down here', () => {
        const offline = ['--no-network', '--no-cache', '--repository', '/srv'];
        inRoot('apk', 'add', ...offline, 'webapp', 'special');
        rmSync(join(root, 'srv'), { recursive: true });
        execFileSync('mkdir', [join(root, 'srv')]);
        rmSync(join(root, 'dev/null'));
        const tar = join(work, 'by-hand.tar');
        execFileSync('tar', ['-cf', tar, '-C', root, '.']);
        const built = join(work, 'web/rootfs.tar');
        // How the files of accounts were before the last one was added.
        const backup = /^etc\/(?:group|passwd|shadow)- /;
        expect(listing(built)).toEqual(listing(tar).filter((line) => !backup.test(line)));
        const diff = ['-c', 'diff -rq --no-dereference "$@" || true', 'sh'];
        const folders = [root, unpacked(built, 'built')];
        const differences = execFileSync('sh', [...diff, ...folders], { encoding: 'utf8' });
        const relative = lines(differences).map((line) => line.replaceAll(`${work}/`, ''));
        expect(relative.sort()).toEqual([
          // The day on which the account's password was set.
          'Files by-hand/etc/shadow and built/etc/shadow differ',
          ...['group-', 'passwd-', 'shadow-'].map((name) => `Only in by-hand/etc: ${name}`),
        ]);
      });
    },
  );

  test.each([
    [
      'take the place of older ones where another wants them newer',
      'inspector',
      ['inspector', 'scanelf'],
    ],
    ['may be there already: then they are written down as wanted', 'scanelf', []],
  ])('%s', async (_, wanted, chosen) => {
    // The user comes with the package that is not wanted here.
    const text = webRecipe
      .replace('[webapp, special]', `[${wanted}]`)
      .replace(' user: webapp,', '');
    const folder = recipe(`with-${wanted}`, text);
    const tar = join(folder, 'rootfs.tar');
    const output = ['--no-test', '--output', `type=rootfs,dest=${tar}`];
    await build([folder, ...engineArgs, ...allowUnsigned, ...output]);
    const apks = apksIn(readJson<Lock>(join(folder, 'out/lock.json')));
    expect(apks?.packages.map(({ name }) => name)).toEqual(chosen);
    const textOf = (path: string) => execFileSync('tar', ['-xOf', tar, path], { encoding: 'utf8' });
    expect(lines(textOf('etc/apk/world'))).toContain(wanted);
    const version = /^P:scanelf\nV:(.*)$/m.exec(textOf('lib/apk/db/installed'))?.[1];
    expect(version).toBe(chosen.length > 0 ? '9.0-r0' : '1.3.7-r2');
  });

  test.skipIf(docker?.missing)('answer a request', async () => {
    // As the build with docker above has tagged it.
    const args = ['run', '--detach', '--rm', '--publish', '127.0.0.1::8080', 'mkbase/alpine-web'];
    const id = execFileSync('docker', args, { encoding: 'utf8' }).trim();
    try {
      const ports = execFileSync('docker', ['port', id, '8080'], { encoding: 'utf8' });
      const ask = () => fetch(`http://${lines(ports)[0]}/`).then((answer) => answer.text());
      let text = '';
      for (let tries = 0; tries < 100 && text === ''; tries += 1) {
        text = await ask().catch(() => '');
        if (text === '') await pause(100);
      }
      expect(text).toBe('<p>Hello from webapp</p>\n');
    } finally {
      execFileSync('docker', ['rm', '--force', id], { stdio: 'ignore' });
    }
  });

  test('are built from the lock when the mirror has newer ones, until it is updated', async () => {
    const own = join(work, 'moving');
    cpSync(mirror.folder, own, { recursive: true });
    const folder = recipe('locked', webRecipe);
    const args = [folder, ...engineArgs, ...allowUnsigned];
    const first = await build(args, {}, own);
    const webapp = await buildApk({ name: 'webapp', version: '1.3.0-r0' }, mirror.key);
    const special = await buildApk({ name: 'special', version: '2.0-r0' }, mirror.key);
    const date = 1_730_000_000;
    rmSync(join(own, 'v3.20/community'), { recursive: true });
    writeAll(
      join(own, 'v3.20/community'),
      await apkRepository([webapp, special], mirror.key, { date }),
    );
    const again = await build([...args, '--no-cache', '--no-test'], {}, own);
    expect(again.diffId).toBe(first.diffId);
    const env = { MKBASE_ALPINE_MIRROR: own };
    const updated = await mkbase(['update', ...args], { cwd: work, env });
    expect(updated, updated.stderr).toMatchObject({ code: 0 });
    const apks = apksIn(readJson<Lock>(join(folder, 'recipe.lock.json')));
    expect(apks?.packages.map(({ version }) => version)).toEqual(['2.0-r0', '1.3.0-r0']);
  });

  test('make a root from nothing with one digest on every engine', async () => {
    expect(await digestsOf('root', rootRecipe(mirror.key.name))).toHaveLength(1);
  });

  test.each([
    ['linux/amd64', 'x86_64'],
    ['linux/arm64', 'aarch64'],
  ])('make a root for %s like the minirootfs, or it is said why not', async (platform, arch) => {
    const folder = recipe(`root-${arch}`, rootRecipe(mirror.key.name), believed());
    const tar = join(folder, 'rootfs.tar');
    const output = ['--output', `type=rootfs,dest=${tar}`];
    const args = [folder, ...foreignArgs, '--platform', platform, ...output];
    const done = await run(args, server.url);
    if (platform === 'linux/arm64' && !(await runsArm())) {
      expect(done.code).not.toBe(0);
      expect(done.stderr).toMatch(/exec format error|cannot run the programs/i);
      return;
    }
    expect(done, done.stderr).toMatchObject({ code: 0 });
    const names = (file: string) =>
      new Set(listing(file).map((line) => line.replace(/(?: -> .*)? \S+ \S+ \S+$/, '')));
    const [made, theirs] = [names(tar), names(published(arch))];
    const files = ['--wildcards', '*etc/hosts', '*etc/hostname'];
    const texts = (file: string) => execFileSync('tar', ['-xOf', file, ...files]).toString();
    expect(texts(tar).length).toBeGreaterThan(20);
    expect(lines(texts(tar)).sort()).toEqual(lines(texts(published(arch))).sort());
    expect([...made].filter((name) => !theirs.has(name))).toEqual([]);
    expect([...theirs].filter((name) => !made.has(name))).toEqual([
      `etc/apk/keys/${mirror.key.name}`,
      'etc/secfixes.d/',
      'etc/secfixes.d/alpine',
    ]);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { type Server, serve } from '../support/http-server.ts';
import { buildsFolder, engineArgs, lines, readJson } from './support/alpine-builds.ts';
import { everySetting, works } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';
import { noRpm, type RpmDistribution, rpmDistribution } from './support/rpm-distribution.ts';

const { work, recipe, run } = buildsFolder();
const settings = everySetting.filter((each) => !each.missing);

interface LockedPackages {
  readonly from: {
    readonly rpm: {
      readonly packages: readonly { name: string; version: string; architecture: string }[];
    };
  };
}

describe.skipIf(noRpm)(`a distribution of rpm${noRpm ? `: left out, ${noRpm}` : ''}`, () => {
  let made: RpmDistribution;
  let server: Server;
  beforeAll(async () => {
    made = rpmDistribution(join(work, 'dist'));
    server = await serve(made.folder);
    return server.close;
  });

  const wanted = 'testdist-release, bash, coreutils, mydaemon, shadow-utils, modapp';

  /** A recipe of the two repositories, at a mirror, with further fields. */
  const text = (
    packages = wanted,
    url = server.url,
    more = '',
    signed = 'repomd',
  ) => `name: testdist
from:
  rpm:
    repositories:
      - { name: baseos, url: "${url}/BaseOS", keys: [key.asc], signed: ${signed} }
      - { name: appstream, url: "${url}/AppStream", keys: [key.asc], signed: ${signed} }
    packages: [${packages}]
${more}image: { cmd: [/bin/bash] }
test: [{ run: [bash, -c, "cat /etc/os-release"], stdout: Testdist }]
`;

  const folderOf = (name: string, of: string, key = made.key) =>
    recipe(name, of, { 'key.asc': key });

  async function build(args: readonly string[]): Promise<BuildResult> {
    const done = await run(args, '');
    expect(done, done.stderr).toMatchObject({ code: 0 });
    return JSON.parse(done.stdout) as BuildResult;
  }

  const locked = (folder: string) =>
    readJson<LockedPackages>(join(folder, 'out/lock.json')).from.rpm.packages;

  test('has one digest on every engine, and from a bundle without a network', async () => {
    const digests = new Set<string>();
    for (const { title, engine, settings: own } of settings) {
      const folder = folderOf(`all-${title.replaceAll(' ', '-')}`, text());
      const done = await run([folder, '--engine', engine, '--no-cache'], '', own());
      expect(done, done.stderr).toMatchObject({ code: 0 });
      digests.add((JSON.parse(done.stdout) as BuildResult).manifestDigest);
    }
    const folder = folderOf('bundled', text());
    await build([folder, ...engineArgs]);
    const bundle = join(work, 'inputs.tar');
    expect(await mkbase(['bundle', folder, '-o', bundle], { cwd: work })).toMatchObject({
      code: 0,
    });
    const offline = ['--inputs', bundle, '--offline', '--frozen', '--no-cache'];
    digests.add((await build([folder, ...engineArgs, ...offline])).manifestDigest);
    expect([...digests]).toHaveLength(1);
    const verified = await mkbase(['verify', join(folder, 'out')], { cwd: work });
    expect(verified, verified.stdout).toMatchObject({ code: 0 });
  });

  test('is what the lock, the bill and rpm itself say, and rpm finds only accounts and shells changed', async () => {
    const folder = folderOf('queried', text());
    const tar = join(folder, 'rootfs.tar');
    await build([folder, ...engineArgs, '--output', `type=rootfs,dest=${tar}`]);
    const root = join(work, 'queried-root');
    mkdirSync(root);
    execFileSync('tar', ['--xattrs', '--xattrs-include=*', '-xpf', tar, '-C', root]);
    const at = ['--root', root, '--dbpath', '/usr/lib/sysimage/rpm'];
    const rpm = (...args: string[]) => execFileSync('rpm', [...at, ...args], { encoding: 'utf8' });
    const installed = lines(rpm('-qa', '--qf', '%{NAME} %{EVR} %{ARCH}\\n')).sort();
    const names = locked(folder).map((each) => `${each.name} ${each.version} ${each.architecture}`);
    expect(installed).toEqual(names.sort());
    const bill = readJson<{ components: { purl?: string }[] }>(join(folder, 'out/sbom.cdx.json'));
    const purls = bill.components.flatMap(({ purl }) => purl ?? []);
    expect(purls.filter((each) => each.startsWith('pkg:rpm/testdist/'))).toHaveLength(names.length);
    // Accounts and shells that scriptlets added to configuration; rpm ends with 1 where it tells of any.
    const changed = spawnSync('rpm', [...at, '-Va', '--nodeps'], { encoding: 'utf8' }).stdout;
    expect(lines(changed)).toEqual(
      ['group', 'gshadow', 'passwd', 'shadow', 'shells'].map((name) => `S.5......  c /etc/${name}`),
    );
    const files = execFileSync('tar', ['--numeric-owner', '-tvf', tar], { encoding: 'utf8' });
    expect(files).toMatch(/^drwxr-x--- 442\/442 .* var\/lib\/mydaemon\/$/m);
    expect(files).toMatch(/^-rwxr-sr-x 0\/22 .* usr\/bin\/mydaemon$/m);
    expect(files).not.toMatch(/rpmdb\.sqlite-|\.rpm\.lock|aux-cache/);
    expect(readFileSync(join(root, 'var/lib/mydaemon/db/trigger'), 'utf8')).toBe(
      'triggered by bash\n',
    );
  });

  test('takes streams of modules, recommended packages and no documentation where it is asked to', async () => {
    const more = '    modules: [modapp:2]\n    weak: true\n    docs: false\n    languages: [en]\n';
    const folder = folderOf('fields', text(wanted, server.url, more));
    const tar = join(folder, 'rootfs.tar');
    await build([folder, ...engineArgs, '--output', `type=rootfs,dest=${tar}`]);
    const names = locked(folder).map(({ name, version }) => `${name} ${version}`);
    expect(names).toEqual(
      expect.arrayContaining(['modapp 2.0-1.module_td1', 'mydaemon-extras 1.2-1.td1']),
    );
    const files = execFileSync('tar', ['-tf', tar], { encoding: 'utf8' });
    expect(files).toContain('usr/share/licenses/bash/COPYING');
    expect(files).not.toMatch(/doc\/bash\/README|man1\/bash\.1|bash\.mo/);
  });

  test.each([
    ['centos', '9', (name: string) => `9-stream/${name}/x86_64/os`],
    ['rocky', '10', (name: string) => `10/${name}/x86_64/os`],
    ['alma', '9', (name: string) => `9/${name}/x86_64/os`],
  ])('is found in the layout of the mirrors of %s %s', async (distro, release, place) => {
    const mirror = join(work, `mirror-${distro}`);
    for (const name of ['BaseOS', 'AppStream']) {
      cpSync(join(made.folder, name), join(mirror, place(name)), { recursive: true });
    }
    const preset = `name: ${distro}-test
from:
  rpm: { distro: ${distro}, release: "${release}", packages: [${wanted}], keys: [key.asc] }
image: { cmd: [/bin/bash] }
`;
    const folder = folderOf(`preset-${distro}`, preset);
    await build([folder, ...engineArgs, '--mirror', mirror]);
    expect(locked(folder).length).toBeGreaterThan(8);
    const shipped = distro === 'alma' ? 'almalinux' : distro;
    const out = join(work, `out-${distro}`);
    const args = ['build', `${shipped}:${release}`, '--mirror', mirror, '--out', out];
    const refused = await mkbase([...args, ...engineArgs], { cwd: work });
    expect(refused.stderr).toContain('code: SOURCE_UNTRUSTED');
  });

  test('is a base for packages, accounts, commands and what is left out of a recipe that extends it', async () => {
    const base = folderOf('testdist-base', text('testdist-release, bash, coreutils'));
    const child = `name: testdist-child
extends: ../testdist-base
packages: [mydaemon]
accounts:
  users: [{ name: app, uid: 10001, home: /home/app }]
run:
  - [bash, -c, "chown app /var/log && cat <(echo of the command) >/etc/made"]
slim:
  - { drop: /usr/share/man/**, reason: nobody reads it }
test:
  - { run: [bash, -c, "id -u app && cat /etc/made"], stdout: of the command }
`;
    const folder = folderOf('testdist-child', child);
    const tar = join(folder, 'rootfs.tar');
    await build([folder, ...engineArgs, '--output', `type=rootfs,dest=${tar}`]);
    expect(existsSync(join(base, 'out'))).toBe(false);
    expect(locked(folder).map(({ name }) => name)).toContain('mydaemon');
    const files = execFileSync('tar', ['--numeric-owner', '-tvf', tar], { encoding: 'utf8' });
    expect(files).toMatch(/ 10001\/0 .* var\/log\/$/m);
    expect(files).toMatch(/ 442\/442 .* var\/lib\/mydaemon\/$/m);
    expect(files).toMatch(/ etc\/made$/m);
    expect(files).not.toMatch(/man1\/bash/);
    const verified = await mkbase(['verify', join(folder, 'out')], { cwd: work });
    expect(verified, verified.stdout).toMatchObject({ code: 0 });
  });

  let count = 0;

  /** A clear error with its code and a hint; nothing is built, tagged or left behind. */
  async function expectRefusal(of: string, code: string, message: RegExp, key?: string) {
    const name = `testdist-refused-${count++}`;
    const folder = folderOf(name, of.replace('name: testdist\n', `name: ${name}\n`), key);
    const done = await run([folder, ...engineArgs], '');
    expect(done.stderr).toContain(`code: ${code}`);
    expect(done.stderr.replace(/\s+/g, ' ')).toMatch(message);
    expect(done.stderr).toMatch(/^hint: ./m);
    expect(done.stdout).toBe('');
    const left = readdirSync(folder).sort();
    // What was resolved holds, whatever fails afterwards.
    const resolved = code === 'BUILD_FAILED';
    const locks = resolved ? ['out', 'recipe.lock.json'] : [];
    expect(left).toEqual(['key.asc', ...locks, 'recipe.yaml']);
    if (resolved) expect(readdirSync(join(folder, 'out'))).toEqual(['lock.json']);
    expect(works('docker', 'image', 'inspect', `mkbase/${name}`)).toBe(false);
  }

  test.each([
    ['pre', /%pre scriptlet of failing-pre-1\.0-1\.td1\.noarch failed: .*no such luck/],
    ['post', /%post scriptlet of failing-post-1\.0-1\.td1\.noarch failed: .*cannot reach the bus/],
    ['posttrans', /%posttrans scriptlet of failing-posttrans-1\.0-1\.td1\.noarch failed/],
    ['lua', /%post scriptlet of failing-lua-1\.0-1\.td1\.noarch failed: .*nothing to be done/],
    ['trigger', /%triggerin scriptlet of failing-trigger-1\.0-1\.td1\.noarch failed/],
  ])('is refused where %s fails, which rpm may not mind', async (name, message) => {
    await expectRefusal(text(`${wanted}, failing-${name}`), 'BUILD_FAILED', message);
  });

  test('is refused with a near name where there is no such package', async () => {
    const message = /no package mydaemn in baseos .* Did you mean mydaemon/;
    await expectRefusal(text(`${wanted}, mydaemn`), 'PACKAGE_NOT_FOUND', message);
  });

  /** A copy of the distribution with something wrong. */
  function wrong(name: string, change: (copy: RpmDistribution) => void): string {
    const copy = rpmDistribution(join(work, `wrong-${name}`));
    change(copy);
    return `file://${copy.folder}`;
  }

  const packageIn = ({ folder }: RpmDistribution, start: string) => {
    const place = join(folder, 'BaseOS/Packages');
    return join(place, readdirSync(place).find((each) => each.startsWith(start)) ?? '');
  };

  test.each<[string, string, RegExp, (copy: RpmDistribution) => void]>([
    [
      'its list was changed',
      'SOURCE_UNTRUSTED',
      /repomd\.xml/,
      ({ folder }) => {
        appendFileSync(join(folder, 'BaseOS/repodata/repomd.xml'), '<!-- -->\n');
      },
    ],
    [
      'its list is not signed',
      'SOURCE_UNTRUSTED',
      /baseos is not signed: .*repomd\.xml\.asc is not there/,
      ({ folder }) => {
        rmSync(join(folder, 'BaseOS/repodata/repomd.xml.asc'));
      },
    ],
    [
      'its signature is of another moment',
      'SOURCE_UNTRUSTED',
      /repomd\.xml/,
      ({ folder }) => {
        const of = (name: string) => join(folder, name, 'repodata/repomd.xml.asc');
        copyFileSync(of('AppStream'), of('BaseOS'));
      },
    ],
    [
      'its list of packages is that of another moment',
      'SOURCE_CORRUPT',
      /-primary\.xml/,
      (copy) => {
        const place = join(copy.folder, 'BaseOS/repodata');
        const primary = () =>
          join(place, readdirSync(place).find((each) => each.includes('primary')) ?? '');
        const before = readFileSync(primary());
        rmSync(packageIn(copy, 'shadow-utils'));
        copy.index('BaseOS');
        writeFileSync(primary(), before);
      },
    ],
    [
      'a package is not the one that is listed',
      'SOURCE_CORRUPT',
      /bash-5\.2\.37/,
      (copy) => {
        const file = packageIn(copy, 'bash');
        // The package as it was is in the store, from the tests before.
        copy.run('rpmsign', '--delsign', file);
        copy.run('rpmsign', '--addsign', file);
        copy.index('BaseOS');
        const bytes = readFileSync(file);
        bytes[bytes.length - 30]! ^= 1;
        copy.run('cp', '--remove-destination', '/dev/null', file);
        appendFileSync(file, bytes);
      },
    ],
    [
      'a package is not signed',
      'SOURCE_UNTRUSTED',
      /bash-5\.2\.37-3\.td1\.x86_64\.rpm of baseos is not signed/,
      (copy) => {
        copy.run('rpmsign', '--delsign', packageIn(copy, 'bash'));
        copy.index('BaseOS');
      },
    ],
  ])('is refused where %s', async (name, code, message, change) => {
    await expectRefusal(text(wanted, wrong(name.replaceAll(' ', '-'), change)), code, message);
  });

  test('is refused where its list is older than the one that was seen before', async () => {
    const copy = rpmDistribution(join(work, 'rolled-back'));
    copy.index('BaseOS', 1_710_000_000);
    const of = text(wanted, `file://${copy.folder}`);
    await build([folderOf('newer', of), ...engineArgs]);
    copy.index('BaseOS', 1_700_000_000);
    await expectRefusal(of, 'SOURCE_UNTRUSTED', /older than the one of 2024-03-09/);
  });

  test('whose packages alone are signed says so in its lock', async () => {
    const copy = rpmDistribution(join(work, 'packages-only'));
    for (const name of ['BaseOS', 'AppStream'])
      rmSync(join(copy.folder, name, 'repodata/repomd.xml.asc'));
    const of = text(wanted, `file://${copy.folder}`, '', 'packages');
    const folder = folderOf('packages-only', of);
    await build([folder, ...engineArgs]);
    const { repositories } = readJson<{ from: { rpm: { repositories: { signed: string }[] } } }>(
      join(folder, 'out/lock.json'),
    ).from.rpm;
    expect(repositories.map(({ signed }) => signed)).toEqual(['packages', 'packages']);
    copy.run('rpmsign', '--delsign', packageIn(copy, 'bash'));
    copy.index('BaseOS', 1_720_000_000);
    await expectRefusal(
      of,
      'SOURCE_UNTRUSTED',
      /bash-5\.2\.37-3\.td1\.x86_64\.rpm of baseos is not signed/,
    );
  });
});

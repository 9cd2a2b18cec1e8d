import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { type Server, serve } from '../support/http-server.ts';
import { buildsFolder, engineArgs, lines, readJson } from './support/alpine-builds.ts';
import { everySetting } from './support/engines.ts';
import { walkEveryCommand } from './support/every-command.ts';
import { mkbase } from './support/mkbase.ts';
import { noRpm, type RpmDistribution, rpmDistribution } from './support/rpm-distribution.ts';
import { type RpmRecipe, rpmRecipe, wantedRpms } from './support/rpm-recipe.ts';

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

  /** A recipe of the distribution, and its key beside it, in a folder of its own. */
  const folderOf = (name: string, of: string) => recipe(name, of, { 'key.asc': made.key });

  const text = (more: Partial<RpmRecipe> = {}) => rpmRecipe({ url: server.url, ...more });

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
    const told = (name: string) => readFileSync(join(root, 'var/lib/mydaemon/db', name), 'utf8');
    expect(told('found')).toBe('found by /proc\n');
    // Nothing of how mkbase calls rpm is in the environment of scriptlets.
    expect(told('environment').trim()).toBe('');
    expect(files).toMatch(/^dr-xr-xr-x 0\/0 .* proc\/$/m);
    expect(readFileSync(join(root, 'etc/hosts'), 'utf8')).toBe('127.0.0.1 localhost\n');
  });

  test('takes streams of modules, recommended packages and no documentation where it is asked to', async () => {
    const more = '    modules: [modapp:2]\n    weak: true\n    docs: false\n    languages: [en]\n';
    const folder = folderOf('fields', text({ more }));
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
  rpm: { distro: ${distro}, release: "${release}", packages: [${wantedRpms}], keys: [key.asc] }
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
    const base = folderOf('testdist-base', text({ packages: 'testdist-release, bash, coreutils' }));
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

  test('goes through every command', async () => {
    const copy = rpmDistribution(join(work, 'commands-dist'));
    const folder = folderOf('commands', rpmRecipe({ url: `file://${copy.folder}` }));
    await walkEveryCommand({
      ...{ kind: 'rpm', shipped: 'centos', folder, purl: 'pkg:rpm/', packages: 11 },
      run: (args) => mkbase(args, { cwd: work }),
      away: async (args) => {
        renameSync(copy.folder, `${copy.folder}-gone`);
        const env = { XDG_CACHE_HOME: join(work, 'empty-cache') };
        const done = await mkbase(args, { cwd: work, env });
        renameSync(`${copy.folder}-gone`, copy.folder);
        return done;
      },
      renew: () => copy.build('coreutils', (spec) => spec.replace(/^Version: .*/m, 'Version: 9.9')),
      renewed: { name: 'coreutils', old: '9.5-11.td1', new: '9.9-11.td1' },
      ...{ allowed: copy.fingerprint, signer: copy.fingerprint, stranger: '0'.repeat(40) },
    });
  });
});

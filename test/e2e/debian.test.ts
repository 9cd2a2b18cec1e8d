import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { concerns } from '../../src/kinds/debootstrap/policy/apply-policy.ts';
import { policyFor } from '../../src/kinds/debootstrap/policy/policy.ts';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { readTar } from '../../src/tar/read.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  besideStore,
  debootstrapByHand,
  mirrorByHand,
  readLockFile,
} from './support/debootstrap-by-hand.ts';
import { everyEngine, everySetting } from './support/engines.ts';
import { mkbase, type RunSettings } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });

async function build(args: readonly string[], settings: Omit<RunSettings, 'cwd'> = {}) {
  const run = await mkbase([...args, '--json'], { cwd: work, ...settings });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return JSON.parse(run.stdout) as BuildResult;
}

/** A recipe of one's own, beside the test. */
function recipe(name: string, text: string): string {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'recipe.yaml'), `name: ${name}\n${text}`);
  return folder;
}

type Listing = Map<string, { readonly what: string; readonly mtime: number }>;

/** The paths of an archive, each in words that two archives can be compared by. */
async function listing(archive: string): Promise<Listing> {
  const paths: Listing = new Map();
  for await (const { entry, content } of readTar(createReadStream(archive))) {
    const { type, mode, uid, gid, mtime, xattrs, path } = entry;
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    const target = 'target' in entry ? entry.target : '';
    const device = 'major' in entry ? `${entry.major}:${entry.minor}` : '';
    const shown = type === 'symlink' ? 'link' : `${type} ${mode.toString(8)} ${uid}:${gid}`;
    const text = type === 'file' ? hash.digest('hex').slice(0, 16) : '';
    const what = [shown, device, target, text, JSON.stringify(xattrs)].join(' ');
    paths.set(path, { what, mtime });
  }
  return paths;
}

/** Each difference with the policy's reason for it, and those that it has none for. */
function explained(theirs: Listing, ours: Listing) {
  const rules = policyFor('debian').map((rule) => ({ rule, about: concerns(rule) }));
  const byReason = new Map<string, string[]>();
  const unexplained: string[] = [];
  for (const path of [...new Set([...theirs.keys(), ...ours.keys()])].sort()) {
    const [before, after] = [theirs.get(path)?.what, ours.get(path)?.what];
    if (before === after) continue;
    const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    const reason = rules.find(({ about }) => about(path))?.rule.reason;
    if (reason === undefined) unexplained.push(`${change} ${path}: ${before} -> ${after}`);
    else byReason.set(reason, [...(byReason.get(reason) ?? []), `${change.padEnd(8)} ${path}`]);
  }
  return { byReason, unexplained };
}

function reportOf(byReason: ReadonlyMap<string, readonly string[]>): string {
  const few = 16;
  const blocks = [...byReason].map(([reason, changes]) => {
    const more = changes.length > few ? [`and ${changes.length - few} more`] : [];
    return [reason, ...[...changes.slice(0, few), ...more].map((line) => `  ${line}`), ''];
  });
  return `${blocks.flat().join('\n')}\n`;
}

const docker = everySetting.find(({ title, missing }) => title === 'docker' && !missing);
const rootfs = join(work, 'debian.tar');
const outDir = join(work, 'out');

describe('mkbase debian', () => {
  let first: BuildResult;
  beforeAll(async () => {
    const engine = docker?.engine ?? everyEngine[0]?.engine ?? 'namespace';
    const output = ['--output', `type=rootfs,dest=${rootfs}`];
    const outputs = [...output, ...(docker ? ['--output', 'type=import'] : [])];
    first = await build(['debian', '--engine', engine, '--out', outDir, ...outputs]);
  }, 300_000);

  const others = everySetting.filter((each) => !each.missing && each.title !== 'docker');
  test.each(others)('has the same digest, and passes its tests, on $title', async (setting) => {
    // The same lock, in a folder that belongs to nobody in particular.
    const own = join(work, setting.title.replaceAll(' ', '-'));
    mkdirSync(own);
    chmodSync(own, 0o777);
    copyFileSync(join(outDir, 'lock.json'), join(own, 'lock.json'));
    const args = ['debian', '--engine', setting.engine, '--out', own];
    const { diffId, manifestDigest } = await build(
      [...args, '--output', 'type=oci'],
      setting.settings(),
    );
    expect({ diffId, manifestDigest }).toEqual({
      diffId: first.diffId,
      manifestDigest: first.manifestDigest,
    });
  });

  test('passed its smoke tests', () => {
    expect(first.tests.length).toBeGreaterThan(2);
  });

  const text = (path: string) =>
    execFileSync('tar', ['-xOf', rootfs, path], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const names = () => execFileSync('tar', ['-tf', rootfs]).toString().split('\n');

  test('holds nothing of the machine or the time that it was made at', () => {
    const all = names();
    const leftovers = /^(?:dev|proc|sys|tmp|var\/tmp|var\/cache\/apt|var\/lib\/apt\/lists)\/./;
    expect(all.filter((path) => leftovers.test(path))).toEqual([]);
    expect(all.filter((path) => path.endsWith('.log'))).toEqual([]);
    for (const path of ['etc/hostname', 'etc/resolv.conf', 'etc/machine-id']) {
      expect(all).not.toContain(path);
    }
    const changed = text('etc/shadow').match(/^[^:]*:[^:]*:(\d+):/gm) ?? [];
    const day = Math.floor(readLockFile(outDir).epoch / 86_400);
    expect(changed.length).toBeGreaterThan(10);
    for (const line of changed) expect(line).toMatch(new RegExp(`:${day}:$`));
  });

  test('locks root out, keeps UTC, and configures apt and dpkg for containers', () => {
    expect(text('etc/shadow')).toMatch(/^root:\*:/m);
    const localtime = execFileSync('tar', ['-tvf', rootfs, 'etc/localtime']).toString();
    expect(localtime).toMatch(/UTC$/m);
    expect(text('etc/apt/apt.conf.d/docker-clean')).toContain('DPkg::Post-Invoke');
    expect(text('usr/sbin/policy-rc.d')).toContain('exit 101');
    const sources = text('etc/apt/sources.list.d/debian.sources');
    expect(sources).toMatch(/^Suites: trixie trixie-updates$/m);
    expect(sources).toMatch(/^Suites: trixie-security$/m);
  });

  test.skipIf(!docker)(
    "differs from debootstrap's own result, made by hand, only in what the policy says",
    async () => {
      const lock = readLockFile(outDir);
      const mirror = join(besideStore(), 'mirror');
      mirrorByHand(mirror, lock);
      const archive = join(work, 'by-hand.tar');
      const begun = Math.floor(Date.now() / 1000);
      await debootstrapByHand(mirror, archive);
      const [theirs, ours] = [await listing(archive), await listing(rootfs)];
      const { byReason, unexplained } = explained(theirs, ours);
      process.stdout.write(reportOf(byReason));
      expect(unexplained).toEqual([]);
      expect(byReason.size).toBeGreaterThan(10);

      const times = [...theirs].filter(([path, { what, mtime }]) => {
        const settled = what.startsWith('directory') || mtime >= begun;
        const expected = settled ? lock.epoch : Math.min(mtime, lock.epoch);
        return ours.get(path)?.what === what && ours.get(path)?.mtime !== expected;
      });
      expect(times.map(([path]) => path)).toEqual([]);
    },
  );

  test.skipIf(!docker)('updates its indexes and installs packages', () => {
    const script = 'apt-get update -qq && apt-get install -qq -y hello >/dev/null && hello';
    const run = ['run', '--rm', '-e', 'DEBIAN_FRONTEND=noninteractive', 'mkbase/debian'];
    const said = execFileSync('docker', [...run, 'sh', '-c', `${script} && dpkg --verify`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(said).toBe('Hello, world!\n');
  });

  test('of another suite is another root file system', async () => {
    const output = ['--output', `type=rootfs,dest=${join(work, 'bookworm.tar')}`];
    await build(['debian:bookworm', '--engine', everyEngine[0]?.engine ?? 'namespace', ...output]);
    const release = execFileSync('tar', ['-xOf', join(work, 'bookworm.tar'), 'usr/lib/os-release']);
    expect(release.toString()).toContain('VERSION_CODENAME=bookworm');
  });
});

describe('packages on top', () => {
  test('come with all that they depend on, the same with a daemon and without, and by either maker', async () => {
    const folder = recipe(
      'served',
      `from: { debootstrap: { suite: trixie } }
packages: [python3-minimal, openssh-server]
test:
  - { run: [python3, -c, "print(6 * 7)"], stdout: "42" }
`,
    );
    const digests = new Set<string>();
    for (const { engine } of everyEngine.filter((each) => each.engine !== 'podman')) {
      const output = ['--output', `type=rootfs,dest=${join(work, 'served.tar')}`];
      const maker = engine === 'namespace' ? ['--maker', 'debootstrap'] : [];
      const { diffId } = await build([folder, '--engine', engine, ...maker, ...output]);
      digests.add(diffId);
    }
    expect(digests.size).toBe(1);
    const names = execFileSync('tar', ['-tf', join(work, 'served.tar')]).toString();
    expect(names).toContain('usr/sbin/sshd\n');
    expect(names).not.toContain('ssh_host_');
    const states = execFileSync('tar', [
      '-xOf',
      join(work, 'served.tar'),
      'var/lib/apt/extended_states',
    ]);
    expect(states.toString()).not.toContain('Package: openssh-server\n');
    expect(states.toString()).toContain('Package: libpython3');
  });

  test('come to the same tree after each step when all is built again', async () => {
    const body = 'from: { debootstrap: { suite: trixie } }\npackages: [python3-minimal]\n';
    const folder = recipe('again', body);
    await build([folder, '--engine', 'namespace']);
    const out = 'mkbase-out/again';
    const words = ['verify', out, '--rebuild', '--recipe', folder, '--engine', 'namespace'];
    const run = await mkbase(words, { cwd: work });
    expect(run.stdout).toContain(', no mismatch');
    expect(run.code).toBe(0);
  });

  test.skipIf(!docker)(
    'are added in the tree that docker holds as if that was sent to the builder',
    async () => {
      const folder = recipe(
        'held',
        'from: { debootstrap: { suite: trixie } }\npackages: [iputils-ping, sensible-utils]\n',
      );
      const digests = new Set<string>();
      // A state of its own, in which no result of an earlier run is found.
      const env = { XDG_STATE_HOME: join(work, 'held-state') };
      for (const more of [[], ['--no-cache']]) {
        const args = [folder, '--engine', 'docker', '--output', 'type=oci', '--json', ...more];
        const run = await mkbase([...args, '--progress', 'plain'], { cwd: work, env });
        expect(run, run.stderr).toMatchObject({ code: 0 });
        expect(run.stderr).toContain('apt-get');
        expect(run.stderr).not.toContain('Once more');
        digests.add((JSON.parse(run.stdout) as BuildResult).diffId);
      }
      expect(digests.size).toBe(1);
      const held = execFileSync('docker', ['images', '--quiet', 'mkbase-toolchain/tree']);
      expect(held.toString()).toMatch(/^[0-9a-f]{12}$/m);
    },
  );

  test.skipIf(process.arch !== 'x64')(
    'may be of a foreign architecture: locked, proven, and in the bill as such',
    async () => {
      const folder = recipe(
        'foreign',
        'from: { debootstrap: { suite: trixie, updates: false, security: false } }\npackages: [libc6:i386]\ntest: [{ run: [dpkg, --audit] }]\n',
      );
      const out = join(work, 'foreign-out');
      await build([folder, '--engine', 'namespace', '--out', out]);
      const purl = /pkg:deb\/debian\/libc6@[^"?]*\?arch=i386&distro=debian-13&upstream=glibc/;
      expect(readFileSync(join(out, 'sbom.cdx.json'), 'utf8')).toMatch(purl);
      expect(readFileSync(join(out, 'provenance.json'), 'utf8')).toMatch(purl);
      const verified = await mkbase(['verify', out, '--recipe', folder], { cwd: work });
      expect(verified, verified.stdout).toMatchObject({ code: 0 });
    },
  );

  test.each([
    ['that do not exist', '[bassh]', 'PACKAGE_NOT_FOUND', 'Did you mean bash'],
    ['that exclude each other', '[exim4-daemon-light, postfix]', 'PACKAGE_CONFLICT', 'postfix'],
  ])('%s are refused, and nothing is left', async (name, packages, code, words) => {
    const folder = recipe(
      name.replaceAll(' ', '-'),
      `from: { debootstrap: { suite: trixie } }\npackages: ${packages}\n`,
    );
    const run = await mkbase([folder, '--engine', everyEngine[0]?.engine ?? 'namespace'], {
      cwd: work,
    });
    expect(run.code).toBe(4);
    expect(run.stderr).toContain(words);
    expect(run.stderr).toContain(`code: ${code}`);
  });
});

describe('mkbase debian-slim', () => {
  test.skipIf(!docker)('has no documentation but the licences, and stays so', async () => {
    await build(['debian-slim', '--engine', 'docker']);
    const script = [
      'apt-get update -qq',
      'apt-get install -qq -y hello >/dev/null',
      'hello',
      'find /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale -type f',
    ].join(' && ');
    const run = ['run', '--rm', '-e', 'DEBIAN_FRONTEND=noninteractive', 'mkbase/debian-slim'];
    const said = execFileSync('docker', [...run, 'sh', '-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [greeting, ...files] = said.trim().split('\n');
    expect(greeting).toBe('Hello, world!');
    expect(files).toContain('/usr/share/doc/hello/copyright');
    expect(files).toContain('/usr/share/doc/bash/copyright');
    const others = files.filter((path) => !/\/copyright$|\/locale\.alias$/.test(path));
    expect(others).toEqual([]);
  });
});

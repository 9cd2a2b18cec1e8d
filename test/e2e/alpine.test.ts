import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BuildResult } from '../../src/pipeline/request.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Server } from '../support/http-server.ts';
import { alpineArchive, noAlpine, serveAlpine } from './support/alpine.ts';
import { everySetting } from './support/engines.ts';
import { makesGroups } from './support/groups.ts';
import { mkbase, type RunSettings } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });

const allow = ['--allow', 'unsigned-archive'];
/** Midnight UTC of the day on which 3.20.3 was released. */
const epoch = '2024-09-06 00:00:00';

/** What GNU tar lists, sorted, in the form that mkbase gives every rootfs. */
function listing(archive: string): string[] {
  const args = ['--numeric-owner', '--full-time', '-tvf', archive];
  const lines = execFileSync('tar', args, { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
  const line = /^(\S+) (\S+) +(\S+) (\d{4}-\S+ \S+) (?:\.\/)?(.*)$/gm;
  return [...lines.matchAll(line)]
    .filter(([, , , , , name]) => name !== '')
    .map(([, mode, owner, size, time = '', name]) => {
      return `${name} ${mode} ${owner} ${size} ${time < epoch ? time : epoch}`;
    })
    .sort();
}

/** The files of an archive, unpacked by GNU tar. */
function unpacked(archive: string, name: string): string {
  const folder = join(work, name);
  mkdirSync(folder);
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  return folder;
}

describe.skipIf(noAlpine)(`mkbase alpine${noAlpine ? `: left out, ${noAlpine}` : ''}`, () => {
  let server: Server;
  beforeAll(async () => {
    server = await serveAlpine();
    return server.close;
  });

  async function build(args: readonly string[], settings: Omit<RunSettings, 'cwd'> = {}) {
    const env = { ...settings.env, MKBASE_ALPINE_MIRROR: server.url };
    const run = await mkbase([...args, '--json'], { cwd: work, ...settings, env });
    expect(run, run.stderr).toMatchObject({ code: 0 });
    return JSON.parse(run.stdout) as BuildResult;
  }

  const inRepository = (engine: string) => (engine === 'namespace' ? [] : ['mkbase/alpine:3.20.3']);

  test('has one digest on every engine, passes its tests there, and gets its release as tag', async () => {
    const digests = new Set<string>();
    for (const { title, engine, settings } of everySetting.filter((each) => !each.missing)) {
      const out = join(work, title.replaceAll(' ', '-'));
      const args = ['alpine:3.20.3', '--engine', engine, '--out', out, '--platform', 'linux/amd64'];
      const result = await build([...args, ...allow], settings());
      expect(result.tags).toEqual(inRepository(engine));
      expect(result.tests.map(({ passed }) => passed)).toEqual([true, true]);
      const gap = engine === 'namespace' && !(await makesGroups(title));
      const codes = ['ended-release', 'unsigned-archive', ...(gap ? ['sandbox-gap'] : [])];
      expect(result.warnings.map(({ code }) => code)).toEqual(codes);
      digests.add(`${result.diffId} ${result.manifestDigest}`);
    }
    expect([...digests]).toHaveLength(1);
  });

  test.each([
    ['linux/amd64', 'x86_64'],
    ['linux/arm64', 'aarch64'],
  ])('adds nothing to the archive for %s, and takes nothing away', async (platform, arch) => {
    const tar = join(work, `${arch}.tar`);
    const args = ['--platform', platform, '--no-test', '--output', `type=rootfs,dest=${tar}`];
    const out = ['--out', join(work, `out-${arch}`)];
    await build(['alpine', ...args, ...out, ...allow]);
    const archive = alpineArchive(arch);
    expect(listing(tar)).toEqual(listing(archive));
    const folders = [unpacked(archive, `${arch}-published`), unpacked(tar, `${arch}-built`)];
    execFileSync('diff', ['-r', '--no-dereference', ...folders]);
  });

  test('is refused without a signature, and leaves nothing behind', async () => {
    const out = join(work, 'refused');
    const env = { MKBASE_ALPINE_MIRROR: server.url };
    const run = await mkbase(['alpine', '--out', out], { cwd: work, env });
    expect(run.code).toBe(4);
    expect(run.stderr).toContain('--allow unsigned-archive');
    expect(existsSync(out)).toBe(false);
  });

  test('is built from the lock of an earlier build, which says how it came to be trusted', async () => {
    const args = ['alpine', '--out', join(work, 'locked'), '--output'];
    const first = await build([...args, 'type=oci', ...allow]);
    const lock = readFileSync(join(work, 'locked/lock.json'), 'utf8');
    expect(JSON.parse(lock)).toMatchObject({
      from: { minirootfs: { archive: { trust: { by: 'unsigned-archive' } } } },
    });
    const second = await build([...args, 'type=docker']);
    expect(second.diffId).toBe(first.diffId);
    expect(second.warnings).toEqual(first.warnings);
  });

  test('has an apk that knows what is installed', async () => {
    const env = { MKBASE_ALPINE_MIRROR: server.url };
    const args = ['run', 'alpine', ...allow, '--', 'apk', 'info', '-q'];
    const run = await mkbase(args, { cwd: work, env });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout.split('\n')).toContain('musl');
  });
});

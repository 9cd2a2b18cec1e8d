import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type ControlGroup,
  openControlGroup,
  sweepControlGroups,
} from '../../../../src/engines/namespace/cgroups/control-group.ts';
import {
  type Hierarchy,
  hierarchiesHere,
} from '../../../../src/engines/namespace/cgroups/hierarchies.ts';
import type { Parent } from '../../../../src/engines/namespace/cgroups/parents.ts';
import { usableParents } from '../../../../src/engines/namespace/cgroups/usable-parents.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const io = { emit: () => {}, signal: new AbortController().signal };
const limits = { memoryBytes: 32 * 1024 ** 2, processes: 12 };
const parents = await usableParents(io);
const limiting = (controller: 'memory' | 'pids') =>
  parents.some(({ controllers }) => controllers.includes(controller));

/** The topmost group of version 2, which has `cgroup.kill` even where it has no controllers. */
const unified = (await hierarchiesHere()).find(({ version }) => version === 2);
const topmost: readonly Parent[] =
  unified === undefined || process.getuid?.() !== 0
    ? []
    : [{ version: 2, folder: unified.top, controllers: [] }];

const entering = ['-euc', 'for each; do echo $$ >"$each/cgroup.procs"; done; eval "$script"', 'sh'];

/** Runs a shell script in a group to its end. */
const inside = ({ folders }: ControlGroup, script: string) =>
  spawnSync('sh', [...entering, ...folders], { encoding: 'utf8', env: { ...process.env, script } });

/** Starts a program that ends only when it is ended, and waits until it is in the group. */
async function startInside({ folders }: ControlGroup) {
  const script = 'echo inside; exec sleep 1000';
  const child = spawn('sh', [...entering, ...folders], { env: { ...process.env, script } });
  const ended = new Promise<string | null>((resolve) =>
    child.once('exit', (_code, signal) => resolve(signal)),
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { ended };
}

const opened: ControlGroup[] = [];
afterEach(async () => {
  for (const group of opened.splice(0)) await group.remove();
});
async function open(below: readonly Parent[]): Promise<ControlGroup> {
  const group = await openControlGroup(below, limits);
  opened.push(group);
  return group;
}

describe.skipIf(parents.length === 0)('a control group of this machine', () => {
  test.skipIf(!limiting('memory'))('ends what takes too much memory, and says so', async () => {
    const group = await open(parents);
    expect(inside(group, 'exec perl -e "1"').status).toBe(0);
    expect(await group.overrun()).toEqual({ memory: false, processes: false });
    const { signal } = inside(group, 'exec perl -e \'my $x = "a" x 100_000_000\'');
    expect(signal).toBe('SIGKILL');
    expect(await group.overrun()).toEqual({ memory: true, processes: false });
  });

  test.skipIf(!limiting('memory'))('counts files in memory, too', async () => {
    const group = await open(parents);
    const file = `/dev/shm/${basename(temporaryFolder())}`;
    inside(group, `dd if=/dev/zero of=${file} bs=1M count=64 2>/dev/null`);
    spawnSync('rm', ['-f', file]);
    expect(await group.overrun()).toMatchObject({ memory: true });
  });

  test.skipIf(!limiting('pids'))('refuses one process too many, and says so', async () => {
    const group = await open(parents);
    const { stderr } = inside(group, 'for each in $(seq 30); do sleep 5 & done');
    expect(stderr).toMatch(/fork/i);
    expect(await group.overrun()).toEqual({ memory: false, processes: true });
  });

  test('is gone afterwards, with what still runs in it', async () => {
    const group = await open(parents);
    const { ended } = await startInside(group);
    expect(group.folders.every(existsSync)).toBe(true);
    await group.remove();
    expect(await ended).toBe('SIGKILL');
    expect(group.folders.some(existsSync)).toBe(false);
  });
});

test.skipIf(topmost.length === 0)('a group of version 2 is ended as a whole', async () => {
  const group = await open(topmost);
  const running = await Promise.all([startInside(group), startInside(group)]);
  await group.remove();
  expect(await Promise.all(running.map(({ ended }) => ended))).toEqual(['SIGKILL', 'SIGKILL']);
  expect(group.folders.some(existsSync)).toBe(false);
});

test('a kernel that does not take a limit is told of, and the engine is to blame', async () => {
  const folder = temporaryFolder();
  await expect(
    openControlGroup([{ version: 2, folder, controllers: ['memory'] }], limits),
  ).rejects.toMatchObject({
    code: 'ENGINE_FAILED',
    message: expect.stringContaining('memory.max'),
  });
  expect(existsSync(folder)).toBe(true);
});

describe('what killed runs left', () => {
  /** A name as store/owner.ts makes it, of a process that has ended. */
  async function deadName(): Promise<string> {
    const { folders } = await open([{ version: 2, folder: temporaryFolder(), controllers: [] }]);
    const [mkbase, boot, namespace] = basename(folders[0] ?? '').split('-');
    return [mkbase, boot, namespace, '4194304', '1', 'abcdef'].join('-');
  }
  const hierarchy = (top: string, own: string): Hierarchy => ({
    ...{ version: 2, controllers: [] },
    ...{ top, own },
  });

  test('is removed from the group of this run, from those above it and from those beside it', async () => {
    const top = temporaryFolder();
    const [own, beside, within] = ['own', 'beside', 'own/within'].map((each) => join(top, each));
    const name = await deadName();
    const places = [top, own, beside].map((each) => join(each ?? '', name));
    const others = [join(within ?? '', name), join(top, 'mkbase-of-somebody'), join(top, 'docker')];
    for (const each of [...places, ...others]) mkdirSync(each, { recursive: true });
    expect(await sweepControlGroups([hierarchy(top, own ?? '')])).toEqual([name]);
    expect(places.filter(existsSync)).toEqual([]);
    expect(others.filter(existsSync)).toEqual(others);
  });

  test('is never looked for above what can be seen, and what a live run uses stays', async () => {
    const above = temporaryFolder();
    const top = join(above, 'top');
    const live = await open([{ version: 2, folder: above, controllers: [] }]);
    mkdirSync(join(top, basename(live.folders[0] ?? '')), { recursive: true });
    mkdirSync(join(above, await deadName()));
    expect(await sweepControlGroups([hierarchy(top, top)])).toEqual([]);
    expect(existsSync(join(top, basename(live.folders[0] ?? '')))).toBe(true);
  });

  test('stays where it cannot be removed, and is not told as gone', async () => {
    const top = temporaryFolder();
    const folder = join(top, await deadName());
    mkdirSync(folder);
    writeFileSync(join(folder, 'cgroup.procs'), '');
    expect(await sweepControlGroups([hierarchy(top, top)])).toEqual([]);
    expect(existsSync(dirname(folder))).toBe(true);
  });

  test.skipIf(topmost.length === 0)('is removed with what runs in it', async () => {
    const [parent] = topmost;
    const folder = join(parent?.folder ?? '', await deadName());
    mkdirSync(folder);
    const gone: ControlGroup = {
      folders: [folder],
      overrun: async () => ({ memory: false, processes: false }),
      remove: async () => {},
    };
    const { ended } = await startInside(gone);
    expect(await sweepControlGroups(await hierarchiesHere())).toContain(basename(folder));
    expect(await ended).toBe('SIGKILL');
    expect(existsSync(folder)).toBe(false);
  });
});

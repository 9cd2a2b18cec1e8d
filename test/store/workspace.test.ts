import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ownedName, ownerState } from '../../src/store/owner.ts';
import { removeTree } from '../../src/store/remove-tree.ts';
import { openWorkspace, sweepWorkspaces } from '../../src/store/workspace.ts';
import { temporaryFolder } from '../support/folder.ts';
import { bundleChild, recordingIo } from '../support/store.ts';

const isRoot = process.getuid?.() === 0;
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** A name as a process with that pid and start time would have given it. */
async function nameOwnedBy(pid: number, startTime: string): Promise<string> {
  const [mkbase, boot, pidNamespace] = (await ownedName()).split('-');
  return [mkbase, boot, pidNamespace, pid, startTime, 'abc123'].join('-');
}

describe('a workspace', () => {
  test('is private, and gone once disposed of, even twice', async () => {
    const parent = join(temporaryFolder(), 'work');
    const { folder, dispose } = await openWorkspace(parent);
    expect((await stat(folder)).mode & 0o7777).toBe(0o700);
    await writeFile(join(folder, 'file'), '');
    await dispose();
    await dispose();
    expect(await exists(folder)).toBe(false);
  });

  test('of this run is not swept', async () => {
    const parent = temporaryFolder();
    const { folder } = await openWorkspace(parent);
    expect(await sweepWorkspaces(parent, new Date())).toEqual([]);
    expect(await exists(folder)).toBe(true);
  });

  test('names the folder in which it cannot be made', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(openWorkspace(file)).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining(file),
    });
  });
});

describe('what a killed run left', () => {
  test('is swept once its owner has ended, and not before', async () => {
    const parent = temporaryFolder();
    const child = spawn(process.execPath, [await bundleChild('hold-workspace'), parent]);
    const [line] = await once(child.stdout, 'data');
    const name = String(line).trim();
    expect(await sweepWorkspaces(parent, new Date())).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await sweepWorkspaces(parent, new Date())).toEqual([name]);
    expect(await exists(join(parent, name))).toBe(false);
  });

  test('is swept when another process has its owner’s pid now', async () => {
    const parent = temporaryFolder();
    const name = await nameOwnedBy(process.pid, '1');
    await mkdir(join(parent, name));
    expect(await sweepWorkspaces(parent, new Date())).toEqual([name]);
  });

  test('is swept when its owner is a zombie', async () => {
    // The shell starts a child that soon ends, and becomes a program that never asks for it.
    const shell = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60']);
    onTestFinished(() => void shell.kill('SIGKILL'));
    const [line] = await once(shell.stdout, 'data');
    const pid = Number(String(line));
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ');
    const statLine = await readFile(`/proc/${pid}/stat`, 'latin1');
    const startTime = statLine.slice(statLine.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    expect(await ownerState(await nameOwnedBy(pid, startTime))).toBe('dead');
  });

  test('before a restart or in another container is swept after a day', async () => {
    const parent = temporaryFolder();
    const [, boot = '', pidNamespace, ...rest] = (await ownedName()).split('-');
    const names = [
      ['mkbase', boot.replace(/./g, '0'), pidNamespace, ...rest].join('-'),
      ['mkbase', boot, '1', ...rest].join('-'),
    ].sort();
    for (const name of names) await mkdir(join(parent, name));
    expect(await sweepWorkspaces(parent, new Date())).toEqual([]);
    const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const name of names) await utimes(join(parent, name), longAgo, longAgo);
    expect((await sweepWorkspaces(parent, new Date())).sort()).toEqual(names);
  });

  test('is told from what others left: no other name is touched', async () => {
    const parent = temporaryFolder();
    const others = ['mkbase', 'mkbase-abc', 'mkbase-0-0-1-x', 'tmp.Xyz', 'mkbase-1-2-3-4-'];
    for (const name of others) await mkdir(join(parent, name));
    expect(await sweepWorkspaces(parent, new Date())).toEqual([]);
    for (const name of others) expect(await exists(join(parent, name))).toBe(true);
  });

  test('is swept by several runs at once without a complaint', async () => {
    const parent = temporaryFolder();
    const name = await nameOwnedBy(process.pid, '1');
    for (let each = 0; each < 50; each++) {
      await mkdir(join(parent, name, `${each}`, 'below'), { recursive: true });
    }
    const { io, events } = recordingIo();
    await Promise.all(Array.from({ length: 5 }, () => sweepWorkspaces(parent, new Date(), io)));
    expect(await exists(join(parent, name))).toBe(false);
    expect(events).toEqual([]);
  });

  test.skipIf(!isRoot)(
    'and has a mount inside stays, mount and all, and a warning names it (needs root to mount)',
    async () => {
      const parent = temporaryFolder();
      const name = await nameOwnedBy(process.pid, '1');
      const outside = join(parent, 'outside');
      const inside = join(parent, name, 'rootfs', 'mnt');
      await mkdir(outside);
      await mkdir(inside, { recursive: true });
      await writeFile(join(outside, 'canary'), 'alive');
      await writeFile(join(parent, name, 'ordinary'), '');
      // A bind mount of the same file system has the same device number; only its mount id differs.
      expect(spawnSync('mount', ['--bind', outside, inside]).status).toBe(0);
      try {
        const { io, events } = recordingIo();
        expect(await sweepWorkspaces(parent, new Date(), io)).toEqual([]);
        expect(events).toMatchObject([{ type: 'warning', warning: { code: 'leftover-kept' } }]);
        expect(await readFile(join(inside, 'canary'), 'utf8')).toBe('alive');
        expect(await exists(join(parent, name, 'ordinary'))).toBe(false);
      } finally {
        spawnSync('umount', [inside]);
      }
      expect(await sweepWorkspaces(parent, new Date())).toEqual([name]);
    },
  );

  test.skipIf(!isRoot)('and is itself a mount stays (needs root to mount)', async () => {
    const parent = temporaryFolder();
    const folder = join(parent, await nameOwnedBy(process.pid, '1'));
    await mkdir(folder);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]).status).toBe(0);
    try {
      await writeFile(join(folder, 'canary'), 'alive');
      expect(await removeTree(folder)).toBe(false);
      expect(await readFile(join(folder, 'canary'), 'utf8')).toBe('alive');
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});

describe('removing a tree', () => {
  test('follows no link out of it', async () => {
    const parent = temporaryFolder();
    const outside = join(parent, 'outside');
    const tree = join(parent, 'tree');
    await mkdir(outside);
    await mkdir(tree);
    await writeFile(join(outside, 'canary'), '');
    await symlink(outside, join(tree, 'link'));
    await symlink('nowhere', join(tree, 'dangling'));
    expect(await removeTree(tree)).toBe(true);
    expect(await exists(join(outside, 'canary'))).toBe(true);
    await symlink(outside, tree);
    expect(await removeTree(tree)).toBe(true);
    expect(await exists(join(outside, 'canary'))).toBe(true);
  });

  test('enters folders without permissions, as an ordinary user too', async () => {
    const tree = join(temporaryFolder(), 'tree');
    await mkdir(join(tree, 'closed', 'inner'), { recursive: true });
    await writeFile(join(tree, 'closed', 'inner', 'file'), '');
    await chmod(join(tree, 'closed', 'inner'), 0o000);
    await chmod(join(tree, 'closed'), 0o500);
    await chmod(join(tree, '..'), 0o755);
    const child = await bundleChild('remove-tree');
    await chmod(join(child, '..'), 0o755);
    const ordinary = isRoot ? { uid: 65534, gid: 65534 } : {};
    if (isRoot) spawnSync('chown', ['-R', '65534:65534', join(tree, '..')]);
    const { stdout, stderr } = spawnSync(process.execPath, [child, tree], ordinary);
    expect(`${stdout}${stderr}`).toBe('true\n');
    expect(await exists(tree)).toBe(false);
  });

  test('removes names that are no UTF-8, fifos, and trees as deep as a path may be long', async () => {
    const tree = join(temporaryFolder(), 'tree');
    await mkdir(Buffer.from(`${tree}/b\xe9te`, 'latin1'), { recursive: true });
    await writeFile(Buffer.from(`${tree}/b\xe9te/\xff`, 'latin1'), '');
    spawnSync('mkfifo', [join(tree, 'fifo')]);
    await mkdir(join(tree, ...Array<string>(150).fill('deep-deep-deep')), { recursive: true });
    expect(await removeTree(tree)).toBe(true);
    expect(await exists(tree)).toBe(false);
  });

  test('has nothing to do where nothing is', async () => {
    expect(await removeTree(join(temporaryFolder(), 'nothing'))).toBe(true);
  });
});

import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { chrootDevices } from '../../src/steps/devices.ts';
import { temporaryFolder } from '../support/folder.ts';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = temporaryFolder();
  root = join(folder, 'root');
  await mkdir(root);
});

/** What is permitted stands in for what only root may do; the rest is this machine's. */
const permitted = {
  nodes: 'mknod() { shift 2; echo node >"$1"; }',
  mounts: 'mknod() { return 1; }; mount() { echo "$@"; }; umount() { echo "$@"; }',
  nothing: 'mknod() { return 1; }; mount() { return 1; }; umount() { return 1; }',
} as const;

const run = (kind: keyof typeof permitted, script: string) =>
  execFileSync('sh', ['-euc', `${chrootDevices}${permitted[kind]}\n${script}`, 'sh', root], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

const names = 'fd full null pts random shm stderr stdin stdout tty urandom zero'.split(' ');

test('devices are made as nodes where that is permitted', async () => {
  run('nodes', 'make_devices "$1"');
  expect((await readdir(join(root, 'dev'))).sort()).toEqual(names);
  expect(await readFile(join(root, 'dev/null'), 'utf8')).toBe('node\n');
  expect((await lstat(join(root, 'dev/shm'))).mode & 0o7777).toBe(0o1777);
});

test('devices are mounted where that is all that is permitted, and unmounted again', () => {
  const printed = run('mounts', 'make_devices "$1"; remove_devices "$1"').split('\n');
  const devices = ['full', 'null', 'random', 'tty', 'urandom', 'zero'];
  expect(printed).toEqual([
    ...devices.map((name) => `-o bind /dev/${name} ${root}/dev/${name}`),
    // What umount says is of no interest to anybody but this stand-in, which says it on stdout.
    ...devices.map((name) => `-l ${root}/dev/${name}`),
    '',
  ]);
});

test('where nothing is permitted the step fails', () => {
  expect(() => run('nothing', 'make_devices "$1"')).toThrow();
});

test('what was there is put back, whatever became of what was made', async () => {
  await mkdir(join(root, 'dev'));
  await writeFile(join(root, 'dev/own'), 'own');
  run('nodes', 'make_devices "$1"; rm -r "$1/dev/pts"; echo >"$1/dev/log"; remove_devices "$1"');
  expect(await readdir(folder)).toEqual(['root']);
  expect(await readdir(join(root, 'dev'))).toEqual(['own']);
});

test('a link in place of /dev is put aside and never followed', async () => {
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  await symlink(elsewhere, join(root, 'dev'));
  run('nodes', 'make_devices "$1"; remove_devices "$1"');
  expect(await readdir(elsewhere)).toEqual([]);
  expect((await lstat(join(root, 'dev'))).isSymbolicLink()).toBe(true);
});

test('where there was no /dev an empty one stays', async () => {
  run('nodes', 'umask 077; make_devices "$1"; remove_devices "$1"');
  expect(await readdir(join(root, 'dev'))).toEqual([]);
  expect((await lstat(join(root, 'dev'))).mode & 0o7777).toBe(0o755);
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder();
const onEngine = ['--engine', everyEngine[0]?.engine ?? 'auto'];

interface Case {
  /** Changes the root filesystem before it is packed. */
  readonly tree?: (rootfs: string) => void;
  readonly tar?: readonly string[];
  readonly fields?: string;
}

/** Builds an archive of a small tree with a recipe's fields; resolves to the run and to what GNU tar lists. */
async function built(name: string, { tree, tar = [], fields = '' }: Case) {
  const folder = join(work, name);
  const rootfs = join(folder, 'rootfs');
  mkdirSync(join(rootfs, 'usr/bin'), { recursive: true });
  symlinkSync('usr/bin', join(rootfs, 'bin'));
  writeFileSync(join(rootfs, 'usr/bin/old'), 'old', { mode: 0o755 });
  tree?.(rootfs);
  const archive = join(folder, 'rootfs.tar');
  execFileSync('tar', ['-C', rootfs, '-cf', archive, ...tar, '.']);
  rmSync(rootfs, { recursive: true });
  const recipe = `name: ${name}\nfrom: { minirootfs: { file: rootfs.tar } }\nepoch: 7\n${fields}\n`;
  writeFileSync(join(folder, 'recipe.yaml'), recipe);
  const out = join(folder, 'out.tar');
  const args = [folder, ...onEngine, '--output', `type=rootfs,dest=${out}`];
  const run = await mkbase(args, { cwd: folder });
  if (run.code !== 0) return { run, lines: [] };
  const verify = ['verify', join(folder, 'mkbase-out', name), '--recipe', folder];
  const verified = await mkbase(verify, { cwd: folder });
  expect(verified, verified.stdout).toMatchObject({ code: 0 });
  const listed = execFileSync('tar', ['--numeric-owner', '-tvf', out], { encoding: 'utf8' });
  const lines = listed
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +\d+ \d{4}-\d\d-\d\d \d\d:\d\d/, ''));
  return { run, lines };
}

test('hard links stay links of one file, and those to symbolic links are links of their own', async () => {
  const tree = (rootfs: string) => {
    symlinkSync('whatever', join(rootfs, 'one'));
    execFileSync('ln', [join(rootfs, 'one'), join(rootfs, 'two')]);
    execFileSync('ln', [join(rootfs, 'usr/bin/old'), join(rootfs, 'usr/bin/same')]);
  };
  const { lines } = await built('links', { tree });
  expect(lines.filter((line) => line.includes('whatever'))).toEqual([
    'lrwxrwxrwx 0/0 one -> whatever',
    'lrwxrwxrwx 0/0 two -> whatever',
  ]);
  expect(lines).toContain('hrwxr-xr-x 0/0 usr/bin/same link to usr/bin/old');
});

test('owners beyond the range of an ordinary user are kept', async () => {
  const { lines } = await built('owners', { tar: ['--owner=606400022', '--group=205001'] });
  expect(lines).toContain('-rwxr-xr-x 606400022/205001 usr/bin/old');
});

test('a /tmp for everybody, and an empty folder of somebody, are a line of the recipe', async () => {
  const fields = `files:
  - { path: /tmp, directory: true, mode: "1777" }
  - { path: /data, directory: true, mode: "0700", owner: 10001, group: 10001 }`;
  const { lines } = await built('folders', { fields });
  expect(lines).toContain('drwxrwxrwt 0/0 tmp/');
  expect(lines).toContain('drwx------ 10001/10001 data/');
});

test('a folder that is laid over merged folders, from under a strict umask, lands in them and can be read', async () => {
  const folder = join(work, 'merged/own/bin');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'tool'), 'tool', { mode: 0o700 });
  writeFileSync(join(folder, 'data'), 'data', { mode: 0o600 });
  const { lines } = await built('merged', { fields: 'files: [{ path: /, folder: own }]' });
  expect(lines).toEqual([
    'lrwxrwxrwx 0/0 bin -> usr/bin',
    'drwxr-xr-x 0/0 usr/',
    'drwxr-xr-x 0/0 usr/bin/',
    '-rw-r--r-- 0/0 usr/bin/data',
    '-rwxr-xr-x 0/0 usr/bin/old',
    '-rwxr-xr-x 0/0 usr/bin/tool',
  ]);
});

test.each([
  [
    'a sparse file',
    'sparse',
    {
      tree: (rootfs: string) => {
        writeFileSync(join(rootfs, 'lastlog'), '');
        truncateSync(join(rootfs, 'lastlog'), 5 * 1024 ** 3);
      },
      tar: ['--sparse'],
    },
    'pack it without --sparse',
  ],
  [
    'a whiteout',
    'whiteout',
    { tree: (rootfs: string) => writeFileSync(join(rootfs, '.wh.usr'), '') },
    '".wh.usr" is a whiteout',
  ],
])('%s in an archive is refused with the reason', async (_, name, given, words) => {
  const { run } = await built(name, given);
  expect(run.code).not.toBe(0);
  expect(run.stderr.replace(/\n +/g, ' ')).toContain(words);
});

test.each(everyEngine)(
  'a capability that a command gives a program is kept, and good for any user on $title',
  async ({ title, engine, settings }) => {
    const folder = join(work, `capability ${title}`.replaceAll(' ', '-'));
    mkdirSync(folder);
    const recipe = `name: capability
extends: busybox-debian
packages: [libcap2-bin]
run:
  - [cp, /bin/busybox, /usr/bin/busybox-own]
  - [ln, /usr/bin/busybox-own, /usr/bin/busybox-same]
  - [cp, /bin/busybox, /usr/bin/busybox-theirs]
  - [chown, "nobody:nogroup", /usr/bin/busybox-theirs]
  - [setcap, "cap_net_bind_service=+ep", /usr/bin/busybox-own]
  - [setcap, "cap_chown,cap_net_bind_service=+ep", /usr/bin/busybox-theirs]
image: { user: nobody }
test:
  - { run: [getcap, /usr/bin/busybox-own], stdout: "/usr/bin/busybox-own cap_net_bind_service=ep" }
  - { run: [busybox-own, grep, CapEff, /proc/self/status], stdout: "0000000000000400" }
  - { run: [busybox-same, grep, CapEff, /proc/self/status], stdout: "0000000000000400" }
  - { run: [sh, -c, "test /usr/bin/busybox-own -ef /usr/bin/busybox-same && echo one"], stdout: one }
  - { run: [busybox-theirs, grep, CapEff, /proc/self/status], stdout: "0000000000000401" }
  - { run: [busybox, grep, CapEff, /proc/self/status], stdout: "0000000000000000" }
`;
    writeFileSync(join(folder, 'recipe.yaml'), recipe);
    const run = await mkbase([folder, '--engine', engine], { cwd: folder, ...settings() });
    expect(run, run.stderr).toMatchObject({ code: 0 });
    const mtree = readFileSync(join(folder, 'mkbase-out/capability/rootfs.mtree'), 'utf8');
    expect(mtree).toMatch(/^\.\/usr\/bin\/busybox-own .*security\.capability/m);
  },
);

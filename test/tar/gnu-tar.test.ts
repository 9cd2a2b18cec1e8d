import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/tar/entry.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  arbitraryTree,
  archive,
  entriesOf,
  everything,
  file,
  rawMember,
  tarOf,
} from '../support/tar.ts';

const folder = join(temporaryFolder(), 'tree');
const uid = process.getuid?.() ?? 0;
const root = uid === 0;

const gnuTar = (args: string[], input?: Uint8Array): Buffer =>
  execFileSync('tar', ['--numeric-owner', ...args], {
    ...(input && { input }),
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/** What this user can have on a disk: root has anything, others their own files. */
const onDisk = { ...everything, xattrs: false, devices: root, times: { min: 0, max: 2 ** 33 - 1 } };
const possible = (entry: Entry): Entry =>
  root
    ? entry
    : {
        ...entry,
        uid,
        gid: process.getgid?.() ?? 0,
        mode: entry.type === 'symlink' ? 0o777 : (entry.mode & 0o777) | 0o700,
      };
const trees = arbitraryTree(onDisk).map((tree) => tree.map(possible));

function extracted(tar: Uint8Array): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  // Without the delay GNU tar takes a folder for finished when another name comes between.
  const warnings = ['--warning=no-unknown-keyword', '--warning=no-timestamp'];
  gnuTar([...warnings, '--delay-directory-restore', '-xpf', '-', '-C', folder], tar);
}

/** Packs exactly these paths of the folder, in their order. */
const packed = (entries: readonly Entry[], format: string): Buffer =>
  gnuTar(
    [`--format=${format}`, '-C', folder, '--no-recursion', '--null', '-T', '-', '-cf', '-'],
    Buffer.from(entries.map(({ path }) => `./${path}\0`).join(''), 'latin1'),
  );

function checkOnDisk(entry: Entry): void {
  const path = Buffer.from(`${folder}/${entry.path}`, 'latin1');
  const stat = lstatSync(path);
  const { mode, mtime, uid: owner, gid: group } = entry;
  expect({
    mode: stat.mode & 0o7777,
    mtime: Math.floor(stat.mtimeMs / 1000),
    uid: stat.uid,
    gid: stat.gid,
  }).toEqual({ mode, mtime, uid: owner, gid: group });
  if (entry.type === 'file' && 'bytes' in entry.content) {
    expect(readFileSync(path).equals(entry.content.bytes)).toBe(true);
  }
  if (entry.type === 'symlink') {
    expect(readlinkSync(path, 'buffer').toString('latin1')).toBe(entry.target);
  }
  if (entry.type === 'hardlink') {
    expect(stat.ino).toBe(lstatSync(Buffer.from(`${folder}/${entry.target}`, 'latin1')).ino);
  }
  if ('major' in entry) {
    expect([(stat.rdev >> 8) & 0xfff, (stat.rdev & 0xff) | ((stat.rdev >> 12) & 0xfff00)]).toEqual([
      entry.major,
      entry.minor,
    ]);
  }
}

test('GNU tar unpacks our archives as we meant them, and we read what it packs again', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      extracted(await tarOf(tree));
      for (const entry of tree) checkOnDisk(entry);
      for (const format of ['gnu', 'pax']) {
        expect(await entriesOf(packed(tree, format))).toEqual(tree);
      }
    }),
    { numRuns: 15 },
  );
});

test.each(['v7', 'oldgnu', 'ustar'])(
  'we read what GNU tar packs in its %s form',
  async (format) => {
    const simple = arbitraryTree({ ...onDisk, devices: false, maxId: 2_097_151, partLength: 60 });
    await fc.assert(
      fc.asyncProperty(simple, async (all) => {
        const tree = all
          .map(possible)
          .filter(({ type, path }) => type !== 'fifo' && path.length < 90)
          .filter((entry) => !('target' in entry) || entry.target.length < 90)
          .filter(
            (entry, _, kept) =>
              entry.type !== 'hardlink' || kept.some(({ path }) => path === entry.target),
          );
        extracted(await tarOf(tree));
        expect(await entriesOf(packed(tree, format))).toEqual(tree);
      }),
      { numRuns: 10 },
    );
  },
);

test('we read the ustar prefix and the extended attributes that GNU tar writes', async () => {
  const path = `${'d'.repeat(120)}/${'f'.repeat(90)}`;
  extracted(await tarOf([file(path, 'x')]));
  const ustar = gnuTar(['--format=ustar', '-C', folder, '-cf', '-', path]);
  expect(await entriesOf(ustar)).toMatchObject([{ path }]);
  const option = '--pax-option=SCHILY.xattr.user.a:=one two,delete=[ac]time';
  const pax = gnuTar(['--format=pax', option, '-C', folder, '-cf', '-', path]);
  expect(await entriesOf(pax)).toMatchObject([{ path, xattrs: [['user.a', 'one two']] }]);
});

test('GNU tar lists the extended attributes that we write', async () => {
  const tar = await tarOf([file('a', 'x', { xattrs: [['security.capability', '\x01\0\0\x02']] })]);
  const listing = gnuTar(['--xattrs', '--xattrs-include=*', '-tvvf', '-'], tar).toString();
  expect(listing).toContain('x: 4 security.capability');
});

test.each(['gnu', 'pax'])('we refuse the sparse files of its %s form', async (format) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync('truncate', ['-s', '10M', join(folder, 'hole')]);
  const tar = gnuTar([`--format=${format}`, '-S', '-C', folder, '-cf', '-', 'hole']);
  await expect(entriesOf(tar)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringContaining('sparse'),
  });
});

test('GNU tar agrees on which numbers a header field holds', async () => {
  const numbers = ['0000017\0', '     17 ', '00000017', '17\0\0\0\0\0\0', '\x80\0\0\0\0\0\0\x0f'];
  const tar = archive(
    ...numbers.map((uidField, index) => rawMember({ name: `f${index}`, uid: uidField })),
  );
  const listed = gnuTar(['-tvf', '-'], tar).toString().trim().split('\n');
  expect(listed.map((line) => line.split(/\s+/)[1])).toEqual(numbers.map(() => '15/0'));
  expect((await entriesOf(tar)).map((entry) => entry.uid)).toEqual(numbers.map(() => 15));
});

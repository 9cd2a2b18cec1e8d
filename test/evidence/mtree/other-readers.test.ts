import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromByteString } from '../../../src/base/byte-string.ts';
import { mtreeOf } from '../../../src/evidence/mtree/mtree.ts';
import { readPaths } from '../../../src/evidence/mtree/read-paths.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { arbitraryTree, everything, streamOf, tarOf } from '../../support/tar.ts';

const folder = temporaryFolder();
const specification = join(folder, 'rootfs.mtree');

const mtree = async (tar: Buffer): Promise<string> =>
  [...mtreeOf(await readPaths(streamOf(tar), 'the rootfs'))].join('');

/** What libarchive makes of an archive, as the specification that it writes itself. */
function toldByLibarchive(archive: string, keywords: string): string[] {
  const args = ['-cf', '-', '--format=mtree', `--options=!all,${keywords}`, `@${archive}`];
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const text = execFileSync('bsdtar', args, { env, maxBuffer: 2 ** 26 }).toString('latin1');
  const lines = text.split('\n').filter((line) => line.startsWith('./'));
  return lines.sort();
}

const isUtf8 = (bytes: string) => !fromByteString(bytes).includes('\ufffd');

/** libarchive's tar reader stops at a name that is not UTF-8, and tells hard links as empty files. */
const comparable = (entries: readonly Entry[]) =>
  entries.filter((entry) => {
    const names = entry.type === 'symlink' ? [entry.path, entry.target] : [entry.path];
    return entry.type !== 'hardlink' && names.every(isUtf8);
  });

test('libarchive reads of the specification what it reads of the tar itself', async () => {
  const tree = arbitraryTree({ ...everything, xattrs: false, times: { min: 0, max: 2 ** 33 } });
  await fc.assert(
    fc.asyncProperty(tree.map(comparable), async (entries) => {
      const tar = await tarOf(entries);
      writeFileSync(join(folder, 'rootfs.tar'), tar);
      writeFileSync(specification, await mtree(tar));
      const keywords = 'type,mode,uid,gid,size,time,link,device';
      const paths = toldByLibarchive(specification, keywords);
      expect(paths).toEqual(toldByLibarchive(join(folder, 'rootfs.tar'), keywords));
      expect(paths.length).toBe(entries.length);
    }),
    { numRuns: 30 },
  );
});

/** Runs as root on Debian, as all of the machine's tests do, for owners and devices. */
test.runIf(process.getuid?.() === 0)(
  "NetBSD's mtree finds every unpacked tree to be as specified, and sees each change",
  async () => {
    const root = join(folder, 'root');
    const check = () => execFileSync('mtree', ['-f', specification, '-p', root], { stdio: 'pipe' });
    const tree = arbitraryTree({
      ...everything,
      maxId: 2 ** 31,
      xattrs: false,
      times: { min: 0, max: 2 ** 31 },
      partLength: 100,
    });
    // It takes such a name for a pattern, however it is written, and then finds the wrong file.
    const isPattern = ({ path }: Entry) => /[*?[]/.test(path);
    const plain = tree.filter((entries) => !entries.some(isPattern));
    await fc.assert(
      fc.asyncProperty(plain, async (entries) => {
        rmSync(root, { recursive: true, force: true });
        mkdirSync(root);
        const tar = await tarOf(entries);
        writeFileSync(specification, await mtree(tar));
        execFileSync(
          'tar',
          [
            '--extract',
            '--delay-directory-restore',
            '--preserve-permissions',
            '--numeric-owner',
            '-C',
            root,
          ],
          {
            input: tar,
          },
        );
        expect(check().toString()).toBe('');
        const text = readFileSync(specification, 'latin1');
        writeFileSync(specification, text.replace(/gid=\d+/, 'gid=12345678'), 'latin1');
        expect(check).toThrow();
      }),
      { numRuns: 30 },
    );
  },
);

test("libarchive warns of extended attributes and goes on; NetBSD's mtree wants them left out", async () => {
  const file: Entry = {
    type: 'file',
    path: 'ping',
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtime: 0,
    xattrs: [['security.capability', '\x01']],
    size: 0,
    content: { bytes: Buffer.alloc(0) },
  };
  writeFileSync(specification, await mtree(await tarOf([file])));
  const { stdout, stderr } = spawnSync('bsdtar', ['--list', '--file', specification]);
  expect(stdout.toString()).toBe('.\n./ping\n');
  expect(stderr.toString()).toContain('Unrecognized key xattr.security.capability');

  const netbsd = () => execFileSync('mtree', ['-C', '-f', specification], { stdio: 'pipe' });
  expect(netbsd).toThrow(/unknown keyword `xattr.security.capability'/);
  const text = readFileSync(specification, 'latin1');
  writeFileSync(specification, text.replaceAll(/ xattr\.\S+/g, ''));
  expect(netbsd().toString()).toContain('./ping type=file');
});

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/tar/entry.ts';
import { extractEntries } from '../../src/tar/extract.ts';
import { temporaryFolder } from '../support/folder.ts';
import { device, directory, fifo, file, hardlink, symlink } from '../support/tar.ts';

const base = temporaryFolder();
const root = process.getuid?.() === 0;

const fresh = (name: string): string => {
  const folder = join(base, name);
  mkdirSync(folder);
  return folder;
};

const extract = (entries: Entry[], folder: string, ownership = false) =>
  extractEntries(entries, folder, { ownership });

describe('extractEntries', () => {
  test('makes files, folders and links with their modes and times', async () => {
    const folder = fresh('plain');
    const bytes = Buffer.from('y'.repeat(3_000_000));
    const content = join(base, 'content');
    writeFileSync(content, bytes);
    const skipped = await extract(
      [
        directory('d', { mode: 0o500, mtime: 1000 }),
        file('d/f', 'hello', { mode: 0o4755, mtime: 2000 }),
        hardlink('d/g', 'd/f'),
        symlink('d/l', '/etc/passwd', { mtime: 3000 }),
        {
          ...file('big'),
          size: bytes.length,
          content: { file: content, offset: 0, size: bytes.length },
        } as Entry,
      ],
      folder,
    );
    expect(skipped).toEqual([]);
    expect(readFileSync(join(folder, 'd/f'), 'utf8')).toBe('hello');
    expect(readFileSync(join(folder, 'big')).equals(bytes)).toBe(true);
    expect(lstatSync(join(folder, 'd/f'))).toMatchObject({
      mode: 0o104755,
      mtimeMs: 2_000_000,
      nlink: 2,
    });
    expect(lstatSync(join(folder, 'd'))).toMatchObject({ mode: 0o040500, mtimeMs: 1_000_000 });
    expect(lstatSync(join(folder, 'd/l')).mtimeMs).toBe(3_000_000);
    expect(readlinkSync(join(folder, 'd/l'))).toBe('/etc/passwd');
    chmodSync(join(folder, 'd'), 0o700);
  });

  test('gives owners only when asked, and keeps setuid bits then', async () => {
    const folder = fresh('owners');
    const owner = { uid: root ? 4242 : process.getuid!(), gid: root ? 4343 : process.getgid!() };
    const entries = [
      directory('d', owner),
      file('d/f', 'x', { ...owner, mode: 0o4755 }),
      symlink('d/l', 'f', owner),
    ];
    await extract(entries, folder, true);
    for (const { path } of entries) expect(lstatSync(join(folder, path))).toMatchObject(owner);
    expect(lstatSync(join(folder, 'd/f')).mode).toBe(0o104755);
    const own = fresh('own');
    await extract(entries, own);
    expect(lstatSync(join(own, 'd/f')).uid).toBe(process.getuid!());
  });

  test('keeps names that are no text', async () => {
    const folder = fresh('bytes');
    await extract([file('a\xff\n', 'x'), symlink('l', 'b\xfe')], folder);
    const names = readdirSync(Buffer.from(folder), 'buffer').map((name) => name.toString('latin1'));
    expect(names.sort()).toEqual(['a\xff\n', 'l']);
    expect(readlinkSync(join(folder, 'l'), 'buffer').toString('latin1')).toBe('b\xfe');
  });

  test('leaves out devices, fifos and extended attributes, and says so', async () => {
    const folder = fresh('skipped');
    const entries = [
      device('null', 'character', 1, 3),
      fifo('pipe'),
      file('ping', 'x', { xattrs: [['security.capability', 'x']] }),
    ];
    expect(await extract(entries, folder)).toEqual([
      { path: 'null', what: 'device' },
      { path: 'pipe', what: 'fifo' },
      { path: 'ping', what: 'xattrs' },
    ]);
    expect(readdirSync(folder)).toEqual(['ping']);
  });

  const outside = join(base, 'outside');
  mkdirSync(outside);
  const canary = join(outside, 'canary');
  writeFileSync(canary, 'alive');

  test.each<[string, Entry[]]>([
    ['a path through a symlink', [symlink('x', outside), file('x/canary', 'dead')]],
    ['a folder over a symlink', [symlink('x', outside), directory('x'), file('x/canary', 'dead')]],
    ['a file over a symlink', [symlink('x', canary), file('x', 'dead')]],
    ['a path that climbs', [file('../outside/canary', 'dead')]],
    ['an absolute path', [file(canary, 'dead')]],
    ['a hard link that climbs', [hardlink('x', '../outside/canary'), file('x', 'dead')]],
    ['a hard link to a symlink', [symlink('x', canary), hardlink('y', 'x')]],
    ['a hard link to a folder', [directory('x'), hardlink('y', 'x')]],
    ['a path beneath a file', [file('x'), file('x/canary', 'dead')]],
    ['a parent that is missing', [file('x/canary', 'dead')]],
    ['a name that is there', [file('x', '1'), file('x', '2')]],
    ['the folder itself', [directory('')]],
  ])('refuses %s, and touches nothing outside', async (title, entries) => {
    const folder = fresh(title.replaceAll(' ', '-'));
    await expect(extract(entries, folder)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ROOTFS_REFUSED|IO)$/),
    });
    expect(readFileSync(canary, 'utf8')).toBe('alive');
    expect(lstatSync(canary).nlink).toBe(1);
    expect(readdirSync(outside)).toEqual(['canary']);
  });

  test('never writes through what somebody else put there', async () => {
    const folder = fresh('planted');
    symlinkSync(canary, join(folder, 'x'));
    await expect(extract([file('x', 'dead')], folder)).rejects.toMatchObject({ code: 'IO' });
    expect(readFileSync(canary, 'utf8')).toBe('alive');
  });

  test('stops when asked to', async () => {
    const folder = fresh('stopped');
    const signal = AbortSignal.abort();
    await expect(
      extractEntries([file('x')], folder, { ownership: false, signal }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

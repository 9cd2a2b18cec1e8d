import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assembleRootfs, overlaidEntries } from '../../src/rootfs/rootfs.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { arbitraryTree, directory, entriesOf, file, hardlink, symlink } from '../support/tar.ts';
import { base, canonical, paths, quiet, recipe, refused, textOf } from './assemble.ts';

describe('canonicalEntries', () => {
  test('has one order: names in byte order, and what is in a folder right after it', async () => {
    const entries = await canonical([
      [file('b'), directory('a'), file('a-b'), file('a/z'), file('a/B'), file('a.b'), file('\xff')],
    ]);
    expect(paths(entries)).toEqual(['a', 'a/B', 'a/z', 'a-b', 'a.b', 'b', '\xff']);
  });

  test('adds missing parents, plain and with the epoch as their time', async () => {
    expect(await canonical([[file('a/b/c')]])).toMatchObject([
      directory('a', { mtime: 1000 }),
      directory('a/b', { mtime: 1000 }),
      { path: 'a/b/c' },
    ]);
  });

  test('has no time later than the epoch, and leaves earlier ones', async () => {
    const layer = [file('new', '', { mtime: 2000 }), file('old', '', { mtime: 500 })];
    expect((await canonical([layer])).map(({ mtime }) => mtime)).toEqual([1000, 500]);
  });

  test('makes the first name of a hard-linked file the file, and repeats its mode in the others', async () => {
    const changes = { mode: 0o755, uid: 5, gid: 6, mtime: 7 };
    const entries = await canonical([
      [file('z', 'x', changes), hardlink('m', 'z', { mode: 0o600 }), hardlink('a', 'm')],
    ]);
    expect(entries).toEqual(
      [file('a', 'x', changes), hardlink('m', 'a', changes), hardlink('z', 'a', changes)].map(
        (entry) => expect.objectContaining(entry),
      ),
    );
  });

  test('takes a hard link to a symlink as a second symlink', async () => {
    const entries = await canonical([
      [symlink('l', 'target', { mode: 0o755 }), hardlink('k', 'l')],
    ]);
    expect(entries).toEqual(
      [symlink('k', 'target'), symlink('l', 'target')].map((entry) =>
        expect.objectContaining({ ...entry, mode: 0o777 }),
      ),
    );
  });

  test('lays layers over one another as unpacking would', async () => {
    const entries = await canonical([
      [
        directory('d', { mode: 0o700 }),
        file('d/f', 'old'),
        hardlink('other', 'd/f'),
        symlink('s', 'a'),
      ],
      [directory('d', { mode: 0o750 }), file('d/f', 'new'), file('s', 'file now')],
    ]);
    expect(paths(entries)).toEqual(['d', 'd/f', 'other', 's']);
    expect(entries[0]).toMatchObject({ mode: 0o750 });
    expect(await textOf(entries, 'd/f')).toBe('new');
    expect(await textOf(entries, 'other')).toBe('old');
    expect(entries[3]).toMatchObject({ type: 'file' });
  });

  test('is the same whatever the order the tree came in, and canonical again', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), async (tree) => {
        const options = { allow: 'listed', epoch: 2 ** 31 } as const;
        const entries = await canonical([tree], options);
        const links = tree.filter(({ type }) => type === 'hardlink');
        const shuffled = [...tree.filter((entry) => !links.includes(entry)).reverse(), ...links];
        expect(await canonical([shuffled], options)).toEqual(entries);
        expect(await canonical([entries], options)).toEqual(entries);
      }),
    );
  });

  test('has its files and accounts, and nothing slimmed or refused yet, when its commands run', async () => {
    const overlays = {
      files: [{ path: '/own', content: 'x' }],
      accounts: { users: [{ name: 'app', uid: 1 }] },
      slim: [{ drop: '/tool', reason: 'only commands need it' }],
    };
    const device = { path: 'null', mode: 0o666, uid: 0, gid: 0, mtime: 0, xattrs: [] };
    const layer = [file('tool'), { ...device, type: 'character', major: 1, minor: 3 } as Entry];
    const input = { layers: [layer], recipe: recipe(overlays), epoch: 0 };
    const found = ['etc', 'etc/group', 'etc/passwd', 'null', 'own', 'tool'];
    expect(paths(await overlaidEntries(input))).toEqual(found);
  });

  test('refuses a root filesystem with nothing in it', async () => {
    await refused([[]], 'nothing in it');
    const all = { slim: [{ drop: '/**', reason: 'test' }] };
    await refused([[file('a')]], 'nothing in it', { overlays: all });
  });
});

describe('assembleRootfs', () => {
  test('writes the canonical tar and the hash of its very bytes', async () => {
    const target = join(base, 'rootfs.tar');
    const layers = [[file('b', 'hello'), symlink('a', 'b')]];
    const rootfs = await assembleRootfs(
      { layers, recipe: recipe(), epoch: 0, file: target },
      quiet,
    );
    const bytes = readFileSync(target);
    expect(rootfs).toMatchObject({
      diffId: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      size: bytes.length,
      tar: target,
    });
    expect(await entriesOf(bytes)).toEqual(rootfs.entries);
  });

  test('leaves no file behind when a content cannot be read', async () => {
    const target = join(base, 'broken.tar');
    const content = { file: join(base, 'gone'), offset: 0, size: 5 };
    const layers = [[{ ...file('a'), size: 5, content } as Entry]];
    const input = { layers, recipe: recipe(), epoch: 0, file: target };
    await expect(assembleRootfs(input, quiet)).rejects.toMatchObject({ code: 'IO' });
    expect(existsSync(target)).toBe(false);
  });

  test('stops when asked to, and leaves no file behind', async () => {
    const target = join(base, 'stopped.tar');
    const io = { ...quiet, signal: AbortSignal.abort() };
    const input = { layers: [[file('a')]], recipe: recipe(), epoch: 0, file: target };
    await expect(assembleRootfs(input, io)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(existsSync(target)).toBe(false);
  });

  test('says so when the file cannot be written', async () => {
    const input = { layers: [[file('a')]], recipe: recipe(), epoch: 0, file: base };
    await expect(assembleRootfs(input, quiet)).rejects.toMatchObject({ code: 'IO' });
    expect(existsSync(base)).toBe(true);
  });
});

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalEntries } from '../../src/rootfs/rootfs.ts';
import { directory, file, hardlink, symlink } from '../support/tar.ts';
import { base, canonical, folder, quiet, recipe, refused, textOf } from './assemble.ts';

describe('files:', () => {
  writeFileSync(join(folder, 'hello.txt'), 'Hello', { mode: 0o600 });
  writeFileSync(join(base, 'secret'), 'secret');
  symlinkSync('../secret', join(folder, 'outside'));
  symlinkSync('hello.txt', join(folder, 'inside'));
  symlinkSync('..', join(folder, 'up'));

  test('places inline files, files beside the recipe, links and folders', async () => {
    const overlays = {
      files: [
        { path: '/etc/é', content: 'ü', mode: '0600', owner: 7, group: 8 },
        { path: '/hello', source: 'hello.txt' },
        { path: '/again', source: 'inside' },
        { path: '/link', symlink: '/etc/é' },
        { path: '/var/empty', directory: true, mode: '0700' },
      ],
    };
    const entries = await canonical([[]], { overlays });
    expect(entries).toMatchObject([
      { type: 'file', path: 'again' },
      { type: 'directory', path: 'etc' },
      { type: 'file', path: 'etc/\xc3\xa9', mode: 0o600, uid: 7, gid: 8, mtime: 1000 },
      { type: 'file', path: 'hello', mode: 0o644, uid: 0, gid: 0, mtime: 1000 },
      { type: 'symlink', path: 'link', target: '/etc/\xc3\xa9' },
      { type: 'directory', path: 'var' },
      { type: 'directory', path: 'var/empty', mode: 0o700 },
    ]);
    expect(await textOf(entries, 'hello')).toBe('Hello');
    expect(await textOf(entries, 'again')).toBe('Hello');
    expect(await textOf(entries, 'etc/\xc3\xa9')).toBe('ü');
  });

  test('places files where the links among the folders of the base lead, as somebody in it would', async () => {
    const links = [
      symlink('bin', 'usr/bin'),
      symlink('lib64', '/usr/lib64'),
      directory('usr'),
      symlink('usr/share', '../opt/./share'),
      symlink('loop', 'loop'),
    ];
    const overlays = {
      files: [
        { path: '/lib64', directory: true },
        { path: '/bin/one', content: '1' },
        { path: '/usr/share/doc/two', content: '2' },
        { path: '/bin/three', symlink: 'one' },
      ],
    };
    const entries = await canonical([links], { overlays });
    const placed = entries.filter(({ type }) => type !== 'directory').map(({ path }) => path);
    expect(placed).toEqual([
      ...['bin', 'lib64', 'loop', 'opt/share/doc/two', 'usr/bin/one', 'usr/bin/three', 'usr/share'],
    ]);
    const twice = [
      { path: '/bin/one', content: '1' },
      { path: '/usr/bin/one', content: '2' },
    ];
    await refused([links], 'listed twice', { overlays: { files: twice } });
    const through = [{ path: '/loop/x', content: '' }];
    await refused([links], 'reached through', { overlays: { files: through } });
    const own = [
      { path: '/own', symlink: '/etc' },
      { path: '/own/passwd', content: '' },
    ];
    await refused([links], 'reached through', { overlays: { files: own } });
  });

  test('places what was fetched, and what stands beside the recipe that it was inherited from', async () => {
    const sha256 = '0'.repeat(64);
    const elsewhere = join(base, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'hello.txt'), 'Hello from elsewhere');
    const beside = { file: join(elsewhere, 'r.yaml'), folder: elsewhere, builtIn: false, sha256 };
    const { files, ...rest } = recipe({
      files: [
        { path: '/fetched', url: 'https://example.org/x', sha256, mode: '0755' },
        { path: '/hello', source: 'hello.txt' },
      ],
    });
    const input = {
      layers: [[]],
      epoch: 1000,
      recipe: { ...rest, files: [files[0]!, { ...files[1]!, beside }] },
      downloaded: new Map([[sha256, { bytes: Buffer.from('bytes') }]]),
    };
    const entries = await canonicalEntries(input, quiet);
    expect(entries[0]).toMatchObject({ path: 'fetched', mode: 0o755, mtime: 1000 });
    expect(await textOf(entries, 'fetched')).toBe('bytes');
    expect(await textOf(entries, 'hello')).toBe('Hello from elsewhere');
  });

  test('refuse what was not fetched', () => {
    const overlays = {
      files: [{ path: '/x', url: 'https://example.org/x', sha256: '0'.repeat(64) }],
    };
    return refused([[]], 'was not fetched', { overlays });
  });

  test('replace a file, and leave its other names as they were', async () => {
    const overlays = { files: [{ path: '/a', content: 'new' }] };
    const entries = await canonical([[file('a', 'old'), hardlink('b', 'a')]], { overlays });
    expect([await textOf(entries, 'a'), await textOf(entries, 'b')]).toEqual(['new', 'old']);
  });

  test('join the files that a pattern matches, in byte order', async () => {
    const layer = [
      file('c/b.crt', '2'),
      file('c/a.crt', '1'),
      file('c/d/e.crt', '3'),
      file('c/x', '4'),
    ];
    const overlays = { files: [{ path: '/all', concatenate: '/c/*.crt' }] };
    expect(await textOf(await canonical([layer], { overlays }), 'all')).toBe('12');
    const none = { files: [{ path: '/all', concatenate: '/c/*.pem' }] };
    await refused([layer], 'no file matches', { overlays: none });
  });

  test('refuse a path that is listed twice, that is a folder, or too long', async () => {
    const twice = {
      files: [
        { path: '/a', content: '1' },
        { path: '/a', content: '2' },
      ],
    };
    await refused([[]], 'listed twice', { overlays: twice });
    const over = { files: [{ path: '/d', content: '' }] };
    await refused([[directory('d')]], 'is a directory already', { overlays: over });
    const long = { files: [{ path: `/${'x'.repeat(256)}`, content: '' }] };
    await refused([[]], 'more than 255 bytes', { overlays: long });
  });

  test.each([
    ['missing', /cannot be read/],
    ['outside', /leads out of the recipe's folder/],
    ['up/secret', /leads out of the recipe's folder/],
    ['up', /leads out of the recipe's folder/],
  ])('refuse the source %s', async (source, message) => {
    const overlays = { files: [{ path: '/a', source }] };
    await expect(canonical([[]], { overlays })).rejects.toMatchObject({
      code: 'RECIPE_INVALID',
      message: expect.stringMatching(message),
    });
  });
});

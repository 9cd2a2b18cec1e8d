import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../../../src/base/events.ts';
import type { LockedDebs, LockedPackage } from '../../../../src/packages/deb/locked-debs.ts';
import { unpackDebs } from '../../../../src/packages/deb/unpack/unpack.ts';
import { openStore } from '../../../../src/store/store.ts';
import type { Entry } from '../../../../src/tar/entry.ts';
import { ar, buildDeb, compressed, type TestPackage, tar } from '../../../support/deb.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { sha256Of } from '../../../support/store.ts';

const date = 1_750_000_000;
type Options = Partial<Parameters<typeof unpackDebs>[1]>;

/** Puts .debs into a store and unpacks them, as locked. */
async function unpackFiles(
  debs: readonly { readonly bytes: Buffer; readonly locked: Partial<LockedPackage> }[],
  options: Options = {},
  emit: (event: Event) => void = () => {},
) {
  const folder = temporaryFolder();
  const store = await openStore(join(folder, 'cache'));
  const packages: LockedPackage[] = [];
  for (const { bytes, locked } of debs) {
    const sha256 = sha256Of(bytes);
    await store.write([bytes] as unknown as AsyncIterable<Uint8Array>, sha256);
    const name = locked.name ?? 'hello';
    packages.push({
      name,
      version: '1.0-1',
      architecture: 'amd64',
      source: name,
      sourceVersion: '1.0-1',
      suite: 'trixie',
      filename: `pool/main/${name}.deb`,
      size: bytes.length,
      sha256,
      ...locked,
    });
  }
  const index = {
    suite: 'trixie',
    components: ['main'],
    mirror: 'x',
    date,
    inRelease: '',
    signedBy: [],
  };
  const locked: LockedDebs = { indexes: [index], packages };
  const workFolder = join(folder, 'work');
  await mkdir(workFolder);
  const io = { emit, signal: new AbortController().signal };
  const entries = await unpackDebs(locked, { store, workFolder, diversions: [], ...options }, io);
  return { entries, workFolder, store };
}

const unpack = async (packages: readonly TestPackage[], options: Options = {}) => {
  const debs = packages.map((each) => {
    const { name, version = '1.0-1', architecture = 'amd64' } = each;
    return { bytes: buildDeb(each).bytes, locked: { name, version, architecture } };
  });
  return (await unpackFiles(debs, options)).entries;
};

/** What the entries are, without the package records and their folders. */
const shown = (entries: readonly Entry[]) =>
  Object.fromEntries(
    entries
      .filter(({ path }) => !/^var(\/lib(\/dpkg(\/status\.d.*)?)?)?$/.test(path))
      .map((entry) => [
        entry.path,
        'target' in entry ? `${entry.type} ${entry.target}` : entry.type,
      ]),
  );

async function textOf(entries: readonly Entry[], path: string): Promise<string> {
  const entry = entries.find((each) => each.path === path);
  if (entry?.type !== 'file') throw new Error(`no file ${path}`);
  if ('bytes' in entry.content) return Buffer.from(entry.content.bytes).toString();
  const { file, offset, size } = entry.content;
  return (await readFile(file)).subarray(offset, offset + size).toString();
}

describe('unpackDebs', () => {
  test.each(['xz', 'gz', 'zst', 'none'] as const)(
    'reads a package whose members are %s',
    async (compression) => {
      const entries = await unpack([
        { name: 'hello', compression, files: { 'usr/bin/hello': 'hi' } },
      ]);
      expect(await textOf(entries, 'usr/bin/hello')).toBe('hi');
    },
  );

  test.each(['xz', 'gzip', 'zstd', 'none'])(
    'unpacks what dpkg-deb built with %s as dpkg-deb itself does',
    async (form) => {
      const folder = temporaryFolder();
      const tree = join(folder, 'tree');
      await mkdir(join(tree, 'DEBIAN'), { recursive: true });
      await mkdir(join(tree, 'usr/share/doc/hello'), { recursive: true });
      const control =
        'Package: hello\nVersion: 1.0-1\nArchitecture: amd64\nMaintainer: x <x@example.org>\nDescription: x\n';
      await writeFile(join(tree, 'DEBIAN/control'), control);
      await writeFile(join(tree, 'usr/share/doc/hello/a'), Buffer.alloc(100_000, 'text '));
      execFileSync('ln', [
        join(tree, 'usr/share/doc/hello/a'),
        join(tree, 'usr/share/doc/hello/hard'),
      ]);
      execFileSync('ln', ['-s', '../a', join(tree, 'usr/share/doc/hello/soft')]);
      await writeFile(join(tree, 'usr/share/doc/hello', `${'long'.repeat(40)} ü`), '', {
        mode: 0o600,
      });
      const deb = join(folder, 'hello.deb');
      execFileSync('dpkg-deb', ['--root-owner-group', `-Z${form}`, '-b', tree, deb], {
        stdio: 'ignore',
      });
      execFileSync('dpkg-deb', ['-x', deb, join(folder, 'oracle')]);
      const { entries } = await unpackFiles([{ bytes: await readFile(deb), locked: {} }]);
      const ours = entries.filter(({ path }) => path.startsWith('usr'));
      const names = await readdir(join(folder, 'oracle'), { recursive: true, encoding: 'latin1' });
      expect(ours.map(({ path }) => path)).toEqual(names.sort());
      for (const entry of ours) {
        const path = join(folder, 'oracle', Buffer.from(entry.path, 'latin1').toString());
        const stat = await lstat(path);
        if (entry.type === 'symlink') expect(entry.target).toBe(await readlink(path));
        else if (entry.type !== 'hardlink') expect(entry.mode).toBe(stat.mode & 0o7777);
        if (entry.type === 'file')
          expect(await textOf(entries, entry.path)).toBe((await readFile(path)).toString());
        expect(entry.mtime).toBe(Math.floor(stat.mtimeMs / 1000));
      }
    },
  );

  test('keeps a record of each package where scanners look for it', async () => {
    const [hello, control] = [
      { name: 'hello', files: { 'usr/hi': 'hi' } },
      buildDeb({ name: 'hello' }).control,
    ];
    const entries = await unpack([hello]);
    expect(await textOf(entries, 'var/lib/dpkg/status.d/hello')).toBe(control);
    const md5 = createHash('md5').update('hi').digest('hex');
    expect(await textOf(entries, 'var/lib/dpkg/status.d/hello.md5sums')).toBe(`${md5}  usr/hi\n`);
    expect(entries.find(({ path }) => path === 'var/lib/dpkg')).toMatchObject({
      type: 'directory',
      mtime: date,
    });
  });

  test('redirects bin, sbin and lib into usr, with links where there is something', async () => {
    const entries = await unpack([
      {
        name: 'hello',
        files: {
          'bin/hello': 'hi',
          'bin/hard': { hardlink: 'bin/hello' },
          'lib64/ld.so': { symlink: '../lib/x86_64/ld.so' },
          'lib/x86_64/ld.so': 'ld',
        },
      },
    ]);
    expect(shown(entries)).toEqual({
      bin: 'symlink usr/bin',
      lib: 'symlink usr/lib',
      lib64: 'symlink usr/lib64',
      usr: 'directory',
      'usr/bin': 'directory',
      'usr/bin/hard': 'hardlink usr/bin/hello',
      'usr/bin/hello': 'file',
      'usr/lib': 'directory',
      'usr/lib/x86_64': 'directory',
      'usr/lib/x86_64/ld.so': 'file',
      'usr/lib64': 'directory',
      'usr/lib64/ld.so': 'symlink ../lib/x86_64/ld.so',
    });
  });

  test("takes base-files' own links for what they are", async () => {
    const files = { bin: { symlink: 'usr/bin' }, 'usr/bin/hello': 'hi' };
    expect(shown(await unpack([{ name: 'base-files', files }]))).toMatchObject({
      bin: 'symlink usr/bin',
    });
  });

  test('shares folders, with the mode of the first package by name', async () => {
    const folder = (mode: number) => ({ 'usr/share': { directory: true, mode } as const });
    const entries = await unpack([
      { name: 'aa', files: folder(0o750) },
      { name: 'bb', files: folder(0o755) },
    ]);
    expect(entries.find(({ path }) => path === 'usr/share')?.mode).toBe(0o750);
  });

  test.each([
    ['first', ['aa', 'bb']],
    ['last', ['bb', 'aa']],
  ])(
    'a file goes to the package that replaces the other, though it comes %s',
    async (_, [winner, loser]) => {
      const replacing = {
        name: winner!,
        fields: { Replaces: `${loser} (<< 2)` },
        files: { 'usr/f': 'winner' },
      };
      const packages = [replacing, { name: loser!, files: { 'usr/f': 'loser' } }];
      const entries = await unpack(packages.sort((a, b) => (a.name < b.name ? -1 : 1)));
      expect(await textOf(entries, 'usr/f')).toBe('winner');
    },
  );

  test.each([
    ['without Replaces', {}],
    ['with Replaces of another version', { Replaces: 'aa (<< 1.0-1)' }],
  ])('two packages that ship one path are refused %s', async (_, fields) => {
    const unpacking = unpack([
      { name: 'aa', files: { 'usr/f': 'one' } },
      { name: 'bb', fields, files: { 'usr/f': 'two' } },
    ]);
    await expect(unpacking).rejects.toMatchObject({
      code: 'PACKAGE_CONFLICT',
      message: expect.stringMatching(/\/usr\/f .*aa .*bb/),
      hint: expect.stringContaining('diversions'),
    });
  });

  test('two packages may ship one file of the same bytes', async () => {
    const files = { 'usr/f': 'same', 'usr/l': { symlink: 'f' } };
    expect(
      shown(
        await unpack([
          { name: 'aa', files },
          { name: 'bb', files },
        ]),
      ),
    ).toMatchObject({ 'usr/f': 'file' });
  });

  test('a diversion moves the file of every package but the one that diverts', async () => {
    const diversions = [{ path: '/bin/sh', to: '/bin/sh.distrib', by: 'bash' }];
    const entries = await unpack(
      [
        { name: 'bash', files: { 'usr/bin/sh': 'bash' } },
        {
          name: 'dash',
          files: { 'usr/bin/sh': 'dash', 'usr/bin/hard': { hardlink: 'usr/bin/sh' } },
        },
      ],
      { diversions },
    );
    expect(await textOf(entries, 'usr/bin/sh')).toBe('bash');
    expect(await textOf(entries, 'usr/bin/sh.distrib')).toBe('dash');
    expect(shown(entries)).toMatchObject({ 'usr/bin/hard': 'hardlink usr/bin/sh.distrib' });
  });

  test('a path below something that is no folder is refused', async () => {
    const unpacking = unpack([
      { name: 'aa', files: { 'var/run': { symlink: '/run' } } },
      { name: 'bb', files: { 'var/run/x': 'x' } },
    ]);
    await expect(unpacking).rejects.toMatchObject({
      code: 'PACKAGE_CONFLICT',
      message: expect.stringMatching(/\/var\/run .*aa.*bb|bb .*\/var\/run\/x.*aa/),
    });
  });

  test('tells how far it is', async () => {
    const events: Event[] = [];
    const { bytes } = buildDeb({ name: 'hello' });
    await unpackFiles([{ bytes, locked: {} }], { stage: 'build' }, (event) => events.push(event));
    expect(events).toEqual([
      { type: 'progress', stage: 'build', done: bytes.length, total: bytes.length, item: 'hello' },
    ]);
  });
});

describe('a package is refused', () => {
  const control = compressed(tar({ control: buildDeb({ name: 'hello' }).control }), 'gz');
  const format = ['debian-binary', Buffer.from('2.0\n')] as const;
  const data = ['data.tar.gz', compressed(tar({ 'usr/f': 'x' }), 'gz')] as const;
  const whole = [format, ['control.tar.gz', control], data] as const;
  const unpackBytes = (bytes: Buffer) => unpackFiles([{ bytes, locked: {} }]);

  test('never when members of other names stand where deb(5) allows them', async () => {
    const members = [
      format,
      whole[1],
      ['_extra', Buffer.from('odd')],
      data,
      ['later', Buffer.alloc(9)],
    ] as const;
    expect(shown((await unpackBytes(ar(members))).entries)).toMatchObject({ 'usr/f': 'file' });
  });

  test.each([
    ['that is no ar archive', Buffer.from('<html>'), 'is not a Debian package'],
    ['of another format', ar([['debian-binary', Buffer.from('3.0\n')]]), 'is of format "3.0"'],
    ['without control', ar([format, data]), 'where control.tar belongs'],
    ['without data', ar(whole.slice(0, 2)), 'damaged or cut'],
    ['with members in another order', ar([format, data, whole[1]!]), 'where control.tar belongs'],
    [
      'compressed with bzip2',
      ar([format, whole[1]!, ['data.tar.bz2', Buffer.alloc(2)]]),
      'holds data.tar.bz2',
    ],
    ['cut in the middle', ar(whole).subarray(0, -20), 'cut short'],
    [
      'without a control file',
      ar([format, ['control.tar.gz', compressed(tar({ x: '' }), 'gz')], data]),
      'no control file',
    ],
  ])('%s', async (_, bytes, message) => {
    await expect(unpackBytes(bytes)).rejects.toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });

  test.each(['gz', 'xz', 'zst'] as const)(
    'that unpacks to far more than it says, as %s',
    async (compression) => {
      const bomb = tar({ 'usr/zeros': { text: Buffer.alloc(70 * 1024 * 1024) } });
      await expect(unpack([{ name: 'bomb', compression, data: bomb }])).rejects.toMatchObject({
        code: 'ARCHIVE_REFUSED',
        message: expect.stringContaining('data.tar of bomb.deb'),
      });
    },
  );

  test('that is larger than others, but says so, is not', async () => {
    const fields = { 'Installed-Size': String(70 * 1024) };
    const files = { 'usr/noise': { text: Buffer.alloc(70 * 1024 * 1024) } };
    expect(
      shown(await unpack([{ name: 'large', fields, files, compression: 'none' }])),
    ).toMatchObject({ 'usr/noise': 'file' });
  });

  test.each(['Package: other\n', 'Version: 2\n', 'Architecture: arm64\n'])(
    'whose control file says %j',
    async (line) => {
      const [field] = line.split(':');
      const own = buildDeb({ name: 'hello' }).control.replace(
        new RegExp(`^${field}:.*\n`, 'm'),
        line,
      );
      await expect(unpack([{ name: 'hello', control: own }])).rejects.toMatchObject({
        code: 'SOURCE_CORRUPT',
        message: expect.stringContaining(`says ${field!.toLowerCase()}`),
      });
    },
  );

  test('that leaves the root, and nothing of it is written', async () => {
    const unpacking = unpack([{ name: 'evil', files: { '../../escaped': 'x' } }]);
    await expect(unpacking).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  });

  test('whose stored bytes were damaged, as damage and not as malice', async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    const { bytes } = buildDeb({ name: 'hello', files: { 'usr/f': 'x' } });
    const sha256 = sha256Of(bytes);
    await store.write([bytes] as unknown as AsyncIterable<Uint8Array>, sha256);
    await writeFile(join(folder, 'blobs/sha256', sha256), Buffer.from(bytes).fill(0, 100, 200));
    const unpacking = unpackFiles([{ bytes, locked: {} }], { store });
    await expect(unpacking).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      hint: expect.any(String),
    });
    const io = { emit: () => {}, signal: new AbortController().signal };
    expect(await store.verify(sha256, io)).toBe(false);
  });
});

import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diff, isSame } from '../../src/diff/diff.ts';
import { readSide, type Side } from '../../src/diff/side.ts';
import { readPaths } from '../../src/evidence/mtree/read-paths.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { imagesIn } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch } from '../support/image.ts';
import { type BuildSample, makeOutputFolder } from '../support/output-folder.ts';
import { rpmDatabase } from '../support/rpm/database.ts';
import { fileTags } from '../support/rpm/writer.ts';
import {
  arbitraryTree,
  device,
  directory,
  file,
  hardlink,
  streamOf,
  symlink,
  tarOf,
} from '../support/tar.ts';

const signal = new AbortController().signal;

/** A side that has nothing but a rootfs. */
const sideOf = async (name: string, entries: readonly Entry[]): Promise<Side> => ({
  name,
  digests: {},
  paths: await readPaths(streamOf(await tarOf(entries)), name),
  entries,
});

const between = async (one: readonly Entry[], other: readonly Entry[]) =>
  diff(await sideOf('old', one), await sideOf('new', other));

/** Path → cause, and the detail where there is one. */
const causesOf = async (one: readonly Entry[], other: readonly Entry[]) => {
  const { paths } = await between(one, other);
  return Object.fromEntries(
    paths.map(({ path, cause, detail }) => [path, detail === '' ? cause : `${cause}: ${detail}`]),
  );
};

const status = (versions: Readonly<Record<string, string>>): Entry =>
  file(
    'var/lib/dpkg/status',
    Object.entries(versions)
      .map(
        ([name, version]) =>
          `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
      )
      .join('\n'),
  );

const list = (name: string, ...paths: string[]): Entry =>
  file(`var/lib/dpkg/info/${name}.list`, ['/.', ...paths, ''].join('\n'));

describe('what made a path differ', () => {
  test.each<[string, Entry, Entry, string]>([
    ['timestamp', file('a', 'x'), file('a', 'x', { mtime: 9 }), 'timestamp'],
    ['machine-id', file('etc/machine-id', 'a'), file('etc/machine-id', 'b'), 'machine-id'],
    [
      'the day of a password',
      file('etc/shadow', 'root:*:19000:0:99999:7:::\n'),
      file('etc/shadow', 'root:*:20000:0:99999:7:::\n'),
      'shadow-date',
    ],
    [
      'another password than the day',
      file('etc/shadow', 'root:*:19000:0:99999:7:::\n'),
      file('etc/shadow', 'root:!:20000:0:99999:7:::\n'),
      'unexplained',
    ],
    [
      'bytecode',
      file('usr/lib/__pycache__/a.pyc', 'a'),
      file('usr/lib/__pycache__/a.pyc', 'b'),
      'python-bytecode',
    ],
    ['a log', file('var/log/dpkg.log', 'a'), file('var/log/dpkg.log', 'b'), 'log'],
    ['a cache', file('etc/ld.so.cache', 'a'), file('etc/ld.so.cache', 'b'), 'cache'],
    ['the order of lines', file('etc/x', 'b\na\n'), file('etc/x', 'a\nb\n'), 'order'],
    ['other lines', file('etc/x', 'b\na\n'), file('etc/x', 'a\nc\n'), 'unexplained'],
    ['a mode', file('a', 'x'), file('a', 'x', { mode: 0o600 }), 'permissions'],
    ['a mode and contents', file('a', 'x'), file('a', 'y', { mode: 0o600 }), 'unexplained'],
    ['a host name', file('etc/hostname', 'a'), file('etc/hostname', 'b'), 'host'],
    [
      'a device',
      device('dev/null', 'character', 1, 3),
      device('dev/null', 'character', 1, 5),
      'devices',
    ],
    ['a link', symlink('a', 'b'), symlink('a', 'c'), 'unexplained'],
    ['an alternative', symlink('a', '/etc/alternatives/a'), symlink('a', 'b'), 'alternatives'],
  ])('%s', async (_, one, other, cause) => {
    expect(Object.values(await causesOf([one], [other]))).toEqual([cause]);
  });

  test('the same contents in another gzip header', async () => {
    const one = gzipSync('the same');
    const other = Buffer.from(one);
    other.writeUInt32LE(epoch, 4);
    const gz = (bytes: Buffer): Entry => ({
      ...file('usr/share/doc/a.gz', ''),
      type: 'file',
      size: bytes.length,
      content: { bytes },
    });
    expect(await causesOf([gz(one)], [gz(other)])).toEqual({ 'usr/share/doc/a.gz': 'compression' });
  });

  test('a hard link that became a copy', async () => {
    const causes = await causesOf(
      [file('a', 'x'), hardlink('b', 'a')],
      [file('a', 'x'), file('b', 'x')],
    );
    expect(causes).toEqual({ a: 'links', b: 'links' });
  });

  test('a package of another version, its records, and a file of one whose version is the same', async () => {
    const one = [
      file('usr/bin/tool', 'old'),
      file('usr/bin/other', 'old'),
      file('usr/share/doc/other', 'doc'),
      status({ tool: '1', other: '5' }),
      list('tool', '/usr/bin/tool'),
      list('other', '/usr/bin/other', '/usr/share/doc/other'),
    ];
    const two = [
      file('usr/bin/tool', 'new'),
      file('usr/bin/other', 'new'),
      status({ tool: '2', other: '5' }),
      list('tool', '/usr/bin/tool'),
      list('other', '/usr/bin/other', '/usr/share/doc/other'),
    ];
    expect(await causesOf(one, two)).toEqual({
      'usr/bin/tool': 'package: tool 1 → 2',
      'usr/bin/other': 'unexplained',
      'usr/share/doc/other': 'left-out: other',
      'var/lib/dpkg/status': 'package-records',
    });
    const { packages } = await between(one, two);
    expect(packages).toEqual([{ set: 'image', name: 'tool', before: '1', after: '2' }]);
  });

  test('packages that were unpacked, as distroless images record them', async () => {
    const tree = (version: string): Entry[] => [
      file('usr/share/zoneinfo/UTC', version),
      file('var/lib/dpkg/status.d/tzdata', `Package: tzdata\nVersion: ${version}\n`),
      file('var/lib/dpkg/status.d/tzdata.md5sums', `${'0'.repeat(32)}  usr/share/zoneinfo/UTC\n`),
    ];
    expect(await causesOf(tree('2026a'), tree('2026b'))).toMatchObject({
      'usr/share/zoneinfo/UTC': 'package: tzdata 2026a → 2026b',
    });
  });

  test("Alpine's packages", async () => {
    const tree = (version: string): Entry[] => [
      file('bin/busybox', version),
      file('lib/apk/db/installed', `P:busybox\nV:${version}\nA:x86_64\nF:bin\nR:busybox\n\n`),
    ];
    expect(await causesOf(tree('1.36-r0'), tree('1.36-r1'))).toEqual({
      'bin/busybox': 'package: busybox 1.36-r0 → 1.36-r1',
      'lib/apk/db/installed': 'package-records',
    });
  });

  test('packages of rpm', async () => {
    const tree = (release: string): Entry[] => {
      const files = fileTags([{ path: '/usr/bin/bash', content: release }]);
      const own = { 1000: 'bash', 1001: '5.2', 1002: release, 1022: 'x86_64', ...files };
      const bytes = rpmDatabase([own]);
      const database = file('usr/lib/sysimage/rpm/rpmdb.sqlite', '');
      return [
        file('usr/bin/bash', release),
        { ...database, size: bytes.length, content: { bytes } } as Entry,
      ];
    };
    expect(await causesOf(tree('1.fc40'), tree('2.fc40'))).toEqual({
      'usr/bin/bash': 'package: bash 5.2-1.fc40 → 5.2-2.fc40',
      'usr/lib/sysimage/rpm/rpmdb.sqlite': 'package-records',
    });
  });

  test('a damaged database explains nothing and stops nothing', async () => {
    const broken = file('var/lib/dpkg/status', ':\n\0 nonsense');
    const causes = await causesOf([broken, file('a', 'x')], [broken, file('a', 'y')]);
    expect(causes).toEqual({ a: 'unexplained' });
  });
});

describe('two trees', () => {
  test('are the same when they are, and differ the other way round from the other side', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), arbitraryTree(), async (one, other) => {
        expect(isSame(await between(one, one))).toBe(true);
        const there = (await between(one, other)).paths;
        const back = (await between(other, one)).paths;
        expect(back.map(({ path }) => path).sort()).toEqual(there.map(({ path }) => path).sort());
        const turned = new Map(back.map((each) => [each.path, each]));
        for (const { path, one: before, other: after } of there) {
          expect(turned.get(path)).toMatchObject({ one: after, other: before });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('with nothing in common to compare are refused, for they would pass for the same', async () => {
    const nothing = { name: 'x', digests: {} };
    await expect(diff(nothing, nothing)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

async function built(name: string, sample: BuildSample = {}): Promise<Side> {
  const folder = join(temporaryFolder(), name);
  await makeOutputFolder(folder, sample);
  return readSide({ subject: name, images: await imagesIn(folder), evidence: folder }, signal);
}

describe('two builds', () => {
  test('of the same are identical in all that there is', async () => {
    const report = await diff(await built('one'), await built('other'));
    expect(isSame(report)).toBe(true);
    expect(report).toMatchObject({ compared: ['lock', 'recipe', 'files', 'config'], missing: [] });
  });

  test('tell packages, files, config and digests apart', async () => {
    const one = await built('one');
    const two = await built('other', {
      packages: { 'base-files': '14', iputils: '3:20240905-3' },
      entries: [
        directory('tmp', { mode: 0o1777, mtime: epoch }),
        file('hello', 'hi', { mtime: epoch }),
      ],
      image: { user: 'root' },
    });
    const report = await diff(one, two);
    expect(report.packages).toEqual([
      { set: 'image', name: 'base-files', before: '13.8+deb13u1', after: '14' },
      // Its version is the same, and its files are others.
      expect.objectContaining({ name: 'iputils', before: expect.stringMatching(/^sha256:/) }),
    ]);
    expect(report.digests.map(({ field }) => field)).toEqual(['manifest', 'config', 'layer']);
    expect(report.config.map(({ field, cause }) => [field, cause])).toEqual([
      ['config.User', 'recipe'],
      ['history[0].comment', 'inputs'],
      ['rootfs.diff_ids[0]', 'files'],
    ]);
    expect(report.recipe).toEqual([{ field: 'image.user', claimed: 'app', computed: 'root' }]);
    expect(report.paths.find(({ path }) => path === 'hello')).toMatchObject({ one: undefined });
  });

  test('without an image are compared by what the evidence records', async () => {
    const folder = join(temporaryFolder(), 'bare');
    await makeOutputFolder(folder, { outputs: [] });
    const bare = await readSide({ subject: 'bare', images: [], evidence: folder }, signal);
    const report = await diff(await built('whole'), bare);
    expect(isSame(report)).toBe(true);
    expect(report.missing).toEqual([]);
  });
});

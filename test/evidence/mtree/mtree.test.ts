import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mtreeOf } from '../../../src/evidence/mtree/mtree.ts';
import { parseMtree } from '../../../src/evidence/mtree/parse.ts';
import type { PathRecord } from '../../../src/evidence/mtree/path-record.ts';
import { readPaths } from '../../../src/evidence/mtree/read-paths.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import {
  arbitraryTree,
  device,
  directory,
  fifo,
  file,
  hardlink,
  streamOf,
  symlink,
  tarOf,
} from '../../support/tar.ts';

const pathsOf = async (entries: readonly Entry[]): Promise<PathRecord[]> =>
  readPaths(streamOf(await tarOf(entries)), 'the rootfs');

const mtree = async (entries: readonly Entry[]): Promise<string> =>
  [...mtreeOf(await pathsOf(entries))].join('');

const sample: Entry[] = [
  directory('bin'),
  file('bin/sh', 'shell', { mode: 0o4755, xattrs: [['security.capability', '\x01\x00\xff']] }),
  hardlink('bin/ash', 'bin/sh', {
    mode: 0o4755,
    xattrs: [['security.capability', '\x01\x00\xff']],
  }),
  symlink('lib', 'usr/my lib', { mtime: 5, uid: 7, gid: 8 }),
  directory('tmp', { mode: 0o1777 }),
  device('null', 'character', 1, 3),
  fifo('pipe'),
  file('a*[b]?#=\\\xff\n'),
];

describe('rootfs.mtree', () => {
  test('has a line for each path with all that can be told of it', async () => {
    const sha256 = '0dd3e512642c97ca3f747f9a76e374fbda73f9292823c0313be9d78add7cdd8f'.length;
    expect(sha256).toBe(64);
    await expect(await mtree(sample)).toMatchFileSnapshot('../../golden/evidence/rootfs.mtree');
  });

  test('tells the same after a round trip, whatever the tree', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), async (entries) => {
        const records = await pathsOf(entries);
        const parsed = parseMtree([...mtreeOf(records)].join(''));
        expect(parsed).toEqual({ records, bad: [] });
      }),
    );
  });

  test('counts the names of a file at each of them', async () => {
    const records = await pathsOf([file('a'), hardlink('b', 'a'), hardlink('c', 'b'), file('d')]);
    expect(records.map(({ path, links }) => [path, links])).toEqual([
      ['a', 3],
      ['b', 3],
      ['c', 3],
      ['d', 1],
    ]);
  });

  test('refuses a tar with a hard link to nothing, and one with a name twice', async () => {
    const refused = { code: 'ARCHIVE_REFUSED' };
    await expect(pathsOf([hardlink('b', 'a')])).rejects.toMatchObject(refused);
    await expect(pathsOf([file('a'), file('a')])).rejects.toMatchObject(refused);
  });
});

const header = '#mtree\n. type=dir\n';
const fifoLine = './p type=fifo mode=0644 uid=0 gid=0 time=0.000000000\n';

describe('a rootfs.mtree that somebody else wrote', () => {
  test.each([
    ['', 1],
    ['#mtree\n', 2],
    [header.trimEnd(), 2],
    [`#mtree v2.0\n. type=dir\n${fifoLine}`, 1],
    [`${header}${fifoLine}${fifoLine}`, 4],
    [`${header}/set type=file\n`, 3],
    [`${header}\n`, 3],
    [`${header}${fifoLine.replace('./p', 'p')}`, 3],
    [`${header}${fifoLine.replace('./p', './../p')}`, 3],
    [`${header}${fifoLine.replace('./p', './a//p')}`, 3],
    [`${header}${fifoLine.replace('./p', './p/')}`, 3],
    [`${header}${fifoLine.replace('./p', './p\\q')}`, 3],
    [`${header}${fifoLine.replace('./p', './\\160')}`, 3],
    [`${header}${fifoLine.replace('./p', './\\000')}`, 3],
    [`${header}${fifoLine.replace('mode=0644', 'mode=644')}`, 3],
    [`${header}${fifoLine.replace('mode=0644', 'mode=0648')}`, 3],
    [`${header}${fifoLine.replace('uid=0', 'uid=00')}`, 3],
    [`${header}${fifoLine.replace('time=0', 'time=-0')}`, 3],
    [`${header}${fifoLine.replace('uid=0', 'uid=0 uid=0')}`, 3],
    [`${header}${fifoLine.replace('uid=0 gid=0', 'gid=0 uid=0')}`, 3],
    [`${header}${fifoLine.replace('\n', ' optional\n')}`, 3],
    [`${header}${fifoLine.replace('\n', ' xattr.user.a=AB\n')}`, 3],
    [`${header}${fifoLine.replace('fifo', 'file')}`, 3],
    [`${header}${fifoLine.replace('\n', '\r\n')}`, 3],
    [`${header}./l type=link mode=0777 uid=0 gid=0 time=0.000000000 link=\n`, 3],
  ])('has its bad line told: %j', (text, line) => {
    expect(parseMtree(text).bad.map((bad) => bad.line)).toContain(line);
  });

  test('never says more or something else than its bytes, whichever of them is changed', async () => {
    const text = await mtree(sample);
    const before = parseMtree(text);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(127), (at, code) => {
        const changed = `${text.slice(0, at)}${String.fromCharCode(code)}${text.slice(at + 1)}`;
        const after = parseMtree(changed);
        expect(changed === text).toBe(JSON.stringify(after) === JSON.stringify(before));
        if (after.bad.length === 0) expect([...mtreeOf(after.records)].join('')).toBe(changed);
      }),
      { numRuns: 1000 },
    );
  });
});

import { isDeepStrictEqual } from 'node:util';
import type { Entry } from '../../../src/tar/entry.ts';
import { fields, headerChecksum } from '../../../src/tar/format/header-fields.ts';
import { readTar } from '../../../src/tar/read.ts';
import { writeTar } from '../../../src/tar/write.ts';
import {
  archive,
  device,
  directory,
  fifo,
  file,
  hardlink,
  paxMember,
  paxRecord,
  rawMember,
  symlink,
  tarOf,
} from '../../support/tar.ts';
import { otherPrograms } from '../other-programs.ts';
import { type Accepted, Finding, type Reader } from '../reader.ts';
import { gathered, streamed } from './bytes.ts';
import { tarDifference } from './tar-difference.ts';

const limits = { maxBytes: 4 * 1024 * 1024, maxEntries: 2000 };

/** Reads an archive with its contents in memory. */
export async function readEntries(input: Uint8Array): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { entry, content } of readTar(streamed(input), { limits })) {
    if (entry.type !== 'file') entries.push(entry);
    else entries.push({ ...entry, content: { bytes: await gathered(content) } });
  }
  return entries;
}

/** Writes an accepted archive again and reads that: it has to mean the same. */
async function readTwice(input: Buffer): Promise<Entry[]> {
  const entries = await readEntries(input);
  const again = await readEntries(await gathered(writeTar(entries)));
  if (isDeepStrictEqual(again, entries)) return entries;
  const shown = (all: readonly Entry[]) => JSON.stringify(all).slice(0, 2000);
  throw new Finding(`written again it means another:\n  ${shown(entries)}\n  ${shown(again)}`);
}

const isHeader = (block: Buffer): boolean =>
  block.length === 512 &&
  block.some((byte) => byte !== 0) &&
  /ustar/.test(block.toString('latin1', 257, 263));

/** Writes the checksum of each header anew: else nearly every change is refused for that alone. */
export function withChecksums(input: Buffer): Buffer {
  const bytes = Buffer.from(input);
  for (let at = 0; at < bytes.length; at += 512) {
    const block = bytes.subarray(at, at + 512);
    if (!isHeader(block)) continue;
    const sum = headerChecksum(block).toString(8).padStart(6, '0');
    block.write(`${sum}\0 `, fields.checksum[0], 'latin1');
  }
  return bytes;
}

const gnuName = (name: string, type: string) =>
  rawMember({ name: '././@LongLink', type, magic: 'ustar  \0' }, `${name}\0`);

const long = `${'directory/'.repeat(14)}file`;

const seeds = async (): Promise<Buffer[]> => [
  await tarOf([
    directory('etc'),
    file('etc/passwd', 'root:x:0:0::/root:/bin/sh\n', { uid: 1, gid: 2, mtime: 1_700_000_000 }),
    symlink('bin', 'usr/bin'),
    hardlink('etc/passwd-', 'etc/passwd'),
    device('console', 'character', 5, 1),
    fifo('initctl'),
  ]),
  await tarOf([file(long, 'x', { xattrs: [['security.capability', '\x01\0\0\x02']] })]),
  await tarOf([file('late', 'x', { mtime: 2 ** 34, uid: 2 ** 22 })]),
  archive(rawMember({ name: './', type: '5' }), rawMember({ name: './a' }, 'content')),
  archive(gnuName(long, 'L'), rawMember({ name: long.slice(0, 100), magic: 'ustar  \0' }, 'x')),
  archive(
    gnuName(long, 'K'),
    rawMember({ name: 'link', type: '2', linkname: 'l', magic: 'ustar  \0' }),
  ),
  archive(rawMember({ name: 'old', magic: '\0'.repeat(8) }, 'v7')),
  archive(
    paxMember(paxRecord('path', 'naïve/é') + paxRecord('mtime', '1700000000.5')),
    rawMember({ name: 'short' }, 'x'),
  ),
  archive(paxMember(paxRecord('comment', 'all'), 'g'), rawMember({ name: 'a' }, 'x')),
  archive(
    paxMember(paxRecord('size', '3') + paxRecord('linkpath', 'b')),
    rawMember({ name: 'a' }, 'xyz'),
  ),
  archive(rawMember({ name: 'big', uid: '\x80\0\0\0\0\0\0\x0f', prefix: 'some/prefix' }, 'x')),
];

/** Compares the meaning of accepted archives with that which Python's tarfile and GNU tar see. */
async function compare(accepted: readonly Accepted[]): Promise<(string | undefined)[]> {
  const others = otherPrograms();
  const differences: (string | undefined)[] = [];
  for (const { input, meaning } of accepted) {
    const [python, gnu] = [await others.ask('tarfile', input), await others.ask('gnu-tar', input)];
    differences.push(tarDifference(meaning as readonly Entry[], python, gnu));
  }
  return differences;
}

export const tar: Reader = {
  name: 'tar',
  form: 'bytes',
  seeds,
  read: readTwice,
  repair: withChecksums,
  compare,
  close: () => otherPrograms().close(),
  words: [
    ...[
      'ustar\x0000',
      'ustar  \0',
      'path=',
      'linkpath=',
      'size=',
      'mtime=',
      'uid=',
      'SCHILY.xattr.a=',
    ],
    ...[
      'GNU.sparse.major=1',
      'hdrcharset=BINARY',
      '../',
      '/',
      './',
      '.wh.',
      '\x80',
      '\xff',
      '10 a=b\n',
    ],
    ...['././@LongLink', 'x', 'g', 'L', 'K', 'S', '1', '2', '5', '7', 'V', 'M', 'D', 'A'],
  ],
};

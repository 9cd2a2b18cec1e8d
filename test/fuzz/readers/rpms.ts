import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedHeaders } from '../../../src/packages/rpm/installed/rpmdb.ts';
import { openRpm } from '../../../src/packages/rpm/package/open-rpm.ts';
import { unpackRpm } from '../../../src/packages/rpm/payload/unpack-rpm.ts';
import { readMetalink } from '../../../src/packages/rpm/repository/metalink.ts';
import { type ListedRpm, readPrimary } from '../../../src/packages/rpm/repository/primary.ts';
import { readRepomd } from '../../../src/packages/rpm/repository/repomd.ts';
import { rpmDatabase } from '../../support/rpm/database.ts';
import { rpmFile } from '../../support/rpm/writer.ts';
import { Finding, isSyntaxError, type Reader } from '../reader.ts';
import { streamed } from './bytes.ts';

const maxBytes = 4 * 1024 * 1024;

const files = [
  { path: '/etc/a', content: 'aaaa', inode: 9, member: { content: '' } },
  { path: '/etc/b', content: 'aaaa', inode: 9, caps: '' },
  { path: '/etc/c', target: 'a' },
  { path: '/var/g', flags: 64 },
];

/** Reads a package to its end, signatures apart. */
async function readRpm(input: Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'mkbase-fuzz-'));
  const opened = await openRpm(streamed(input), 'input.rpm');
  try {
    const options = { what: 'input.rpm', maxBytes };
    const unpacked = await unpackRpm(opened, join(folder, 'spool'), options);
    for (const { entry } of unpacked.files) {
      if (/(?:^|\/)\.{0,2}(?:\/|$)/.test(entry.path) && entry.path !== '') {
        throw new Finding(`the path ${JSON.stringify(entry.path)} is none of an entry`);
      }
    }
    return unpacked;
  } finally {
    await opened.rest.close();
    await rm(folder, { recursive: true });
  }
}

const rpm: Reader = {
  name: 'rpm',
  form: 'bytes',
  seeds: async () => [await rpmFile({ files }), await rpmFile({ tags: { 1003: { int32: [2] } } })],
  read: readRpm,
  words: ['070701', '07070X', 'TRAILER!!!', '\x8e\xad\xe8\x01', 'cap_chown=ep', '/../', './'],
};

const installed = { 1000: 'a', 1001: '1', 1002: '2', 1014: 'x'.repeat(900) };

const rpmdb: Reader = {
  name: 'rpmdb',
  form: 'bytes',
  seeds: async () => [rpmDatabase(Array.from({ length: 12 }, () => installed))],
  read: async (input) => installedHeaders(input).map((header) => header.text(1000)),
  refuses: isSyntaxError,
};

const checksum = `<checksum type="sha256">${'0'.repeat(64)}</checksum>`;

const repomd: Reader = {
  name: 'repomd',
  form: 'text',
  seeds: async () => [
    Buffer.from(
      `<?xml version="1.0"?>\n<repomd>\n<revision>1</revision>\n<data type="primary">\n${checksum}\n<location href="repodata/p.xml.gz"/>\n<size>3</size>\n<timestamp>1.5</timestamp>\n</data>\n</repomd>\n`,
    ),
  ],
  read: async (input) => {
    const { files, ...rest } = await readRepomd(input, 'repomd.xml');
    return { ...rest, files: [...files.values()] };
  },
  words: ['<!DOCTYPE', '&a;', '<![CDATA[', 'xml:base="', '../'],
};

const metalink: Reader = {
  name: 'metalink',
  form: 'text',
  seeds: async () => [
    Buffer.from(
      `<metalink>\n<files>\n<file name="repomd.xml">\n<size>3</size>\n<verification>\n<hash type="sha256">${'0'.repeat(64)}</hash>\n</verification>\n<resources>\n<url preference="9">https://a.example/r</url>\n</resources>\n</file>\n</files>\n</metalink>\n`,
    ),
  ],
  read: (input) => readMetalink(input, 'metalink'),
  words: ['https://', '<mm0:alternates>', 'type="md5"'],
};

const primary: Reader = {
  name: 'primary',
  form: 'text',
  seeds: async () => [
    Buffer.from(
      `<metadata>\n<package type="rpm">\n<name>a</name>\n<arch>noarch</arch>\n<version epoch="0" ver="1" rel="2"/>\n${checksum}\n<time build="2"/>\n<size package="3"/>\n<location href="p/a.rpm"/>\n<format>\n<rpm:license>MIT</rpm:license>\n</format>\n</package>\n</metadata>\n`,
    ),
  ],
  read: async (input) => {
    const found: ListedRpm[] = [];
    await readPrimary(streamed(input), (each) => found.push(each), 'primary.xml');
    return found;
  },
  words: ['<!DOCTYPE', 'xml:base="', '../', '%2e', '<package>'],
};

/** Readers of what repositories of rpm have. */
export const rpms: readonly Reader[] = [rpm, rpmdb, repomd, metalink, primary];

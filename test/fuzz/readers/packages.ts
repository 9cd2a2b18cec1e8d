import { createHash, createPublicKey } from 'node:crypto';
import { verifyApkSignature } from '../../../src/packages/apk/apk-signature.ts';
import { checkApk } from '../../../src/packages/apk/check-apk.ts';
import { gzipMember } from '../../../src/packages/apk/gzip-member.ts';
import type { ListedApk } from '../../../src/packages/apk/listed-apk.ts';
import { isSignature, readSegment } from '../../../src/packages/apk/segment.ts';
import { parseParagraph } from '../../../src/packages/deb/index/paragraph.ts';
import { parseRelations } from '../../../src/packages/deb/index/relations.ts';
import { debMembers } from '../../../src/packages/deb/unpack/deb.ts';
import { decompress } from '../../../src/tar/decompress.ts';
import { readTar } from '../../../src/tar/read.ts';
import { apkIndex, buildApk, newApkKey } from '../../support/apk.ts';
import { buildDeb } from '../../support/deb.ts';
import { file } from '../../support/tar.ts';
import { isSyntaxError, type Reader } from '../reader.ts';
import { gathered, streamed } from './bytes.ts';
import { withChecksums } from './tar.ts';

const limits = { maxBytes: 4 * 1024 * 1024, maxEntries: 2000 };

/** Reads both archives of a package, and the fields of its control file. */
async function readDeb(input: Buffer) {
  const paths: string[] = [];
  let control = '';
  for await (const { name, compression, content } of debMembers(streamed(input), 'input.deb')) {
    const tar = decompress(content, compression, { ...limits, what: name });
    for await (const member of readTar(tar, { source: name, limits })) {
      paths.push(`${name} ${member.entry.path}`);
      if (name === 'control' && member.entry.path === 'control') {
        control = (await gathered(member.content)).toString('utf8');
      }
    }
  }
  const fields = parseParagraph(control);
  const relations = parseRelations(fields.get('replaces'), 'amd64');
  return { paths, fields: [...fields], relations };
}

export const deb: Reader = {
  name: 'deb',
  form: 'bytes',
  seeds: async () =>
    (['none', 'gz', 'xz', 'zst'] as const).map((compression) => {
      const files = { 'usr/bin/x': 'program', 'usr/share/doc/x/copyright': 'Public domain.' };
      const fields = { Replaces: 'y (<< 2:1.0~1), z [amd64]' };
      return buildDeb({ name: 'x', files, fields, compression }).bytes;
    }),
  read: readDeb,
  refuses: isSyntaxError,
  repair: withChecksums,
  words: [
    '!<arch>\n',
    'debian-binary',
    'control.tar',
    'data.tar',
    '`\n',
    '.xz',
    '_x',
    '2.0\n',
    '/',
  ],
};

const what = 'input.apk';

/** Lists a package as its own control part has it, so that the rest of the chain is followed. */
async function listedAs(input: Buffer): Promise<ListedApk> {
  const limits = { maxBytes: 4 * 1024 * 1024, what };
  const first = gzipMember(input, 0, limits);
  const signed = isSignature(await readSegment(first.content, what));
  const start = signed ? first.end : 0;
  const { end } = signed ? gzipMember(input, start, limits) : first;
  const hash = createHash('sha1').update(input.subarray(start, end)).digest('base64');
  return { name: 'x', version: '1.0-r0', checksum: `Q1${hash}` } as ListedApk;
}

export const apk: Reader = {
  name: 'apk',
  form: 'bytes',
  seeds: async () => {
    const entries = [file('usr/bin/x', 'program', { mode: 0o755 })];
    const each = { name: 'x', depends: ['so:libc.so'], scripts: { 'post-install': '#!/bin/sh\n' } };
    const unsigned = await buildApk({ ...each, entries });
    const signed = await buildApk({ ...each, entries }, newApkKey());
    return [unsigned.bytes, signed.bytes];
  },
  read: async (input) => {
    const listed = await listedAs(input);
    await checkApk(streamed(input), listed, what);
    return listed;
  },
  words: ['\x1f\x8b\x08', '\x1f\x8b\x08\x04', '\x1f\x8b\x08\x08', '.PKGINFO', '.SIGN.RSA.'],
};

const key = newApkKey('fuzz.rsa.pub');
const believed = new Map([[key.name, createPublicKey(key.publicKey)]]);

export const apkSignature: Reader = {
  name: 'apk-signature',
  form: 'bytes',
  seeds: async () => {
    const { stanza } = await buildApk({ name: 'x' });
    return [await apkIndex([stanza], key), await apkIndex([stanza], key, { form: 'RSA256' })];
  },
  read: async (input) => {
    const { signed, signedBy } = await verifyApkSignature(input, believed, what, {
      now: new Date(0),
    });
    return { signedBy, sha256: createHash('sha256').update(signed).digest('hex') };
  },
  words: ['.SIGN.RSA.', '.SIGN.RSA256.', 'fuzz.rsa.pub'],
};

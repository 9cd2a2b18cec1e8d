import type { FileHandle } from 'node:fs/promises';
import { readKey } from 'openpgp';
import { openApkIndex } from '../../../src/packages/apk/apk-index.ts';
import { checkRelease, parseRelease } from '../../../src/packages/deb/archive/release.ts';
import { candidateOf } from '../../../src/packages/deb/index/candidate.ts';
import { packageNames, scanIndex } from '../../../src/packages/deb/index/index-scan.ts';
import { parseParagraph, parseParagraphs } from '../../../src/packages/deb/index/paragraph.ts';
import { parseRelations, showRelation } from '../../../src/packages/deb/index/relations.ts';
import { verifyClearSigned } from '../../../src/packages/openpgp/signature.ts';
import { buildApk } from '../../support/apk.ts';
import { buildDeb, type TestPackage } from '../../support/deb.ts';
import { clearSign, newKey } from '../../support/openpgp-key.ts';
import { Finding, isSyntaxError, type Reader, same } from '../reader.ts';
import { inputsOf, textOf } from './bytes.ts';

const sum = 'a'.repeat(64);

const releaseText = `Origin: Debian
Suite: stable
Codename: trixie
Date: Sat, 15 Nov 2025 09:00:00 UTC
Valid-Until: Sat, 22 Nov 2025  9:00:00 UTC
Acquire-By-Hash: yes
Components: main
SHA256:
 ${sum} 1234 main/binary-amd64/Packages
 ${sum}   99 main/binary-amd64/Packages.xz
`;

export const release: Reader = {
  name: 'release',
  form: 'text',
  seeds: async () => inputsOf(releaseText, releaseText.replace('\nValid-Until', '\nNot-Valid')),
  read: async (input) => {
    const found = parseRelease(textOf(input), 'input');
    if (!Number.isSafeInteger(found.date)) throw new Finding(`its date is ${found.date}`);
    for (const [name, { size }] of found.files) {
      if (!Number.isSafeInteger(size) || size < 0) throw new Finding(`${name} has ${size} bytes`);
    }
    const now = new Date('2025-11-16T00:00:00Z');
    checkRelease(found, { suite: 'trixie', what: 'input', now, age: { days: 30, from: now } });
    return { ...found, files: [...found.files] };
  },
  words: ['Date: ', 'SHA256:', 'Valid-Until: ', 'UTC', '+0000', '#', '\n ', ': ', sum],
};

const created = new Date('2025-11-15T09:00:00Z');
const key = newKey();
const signedSeed = key.then((each) => clearSign(releaseText, each, { created }));
/** The form in which a signature covers a text: lines without blanks at their ends. */
const covered = (text: string): string => text.replace(/[ \t\r]+$/gm, '').replace(/\n+$/, '');

export const clearSigned: Reader = {
  name: 'clear-signed',
  form: 'text',
  seeds: async () => inputsOf(await signedSeed),
  read: async (input) => {
    const keys = [await readKey({ armoredKey: (await key).publicKey })];
    const now = new Date('2025-11-16T00:00:00Z');
    const { text, signedBy } = await verifyClearSigned(input, { keys, what: 'input', now });
    same('only the signed text is believed', covered(text), covered(releaseText));
    return { text, signedBy };
  },
  words: [
    ...[
      '-----BEGIN PGP SIGNED MESSAGE-----\n',
      '-----BEGIN PGP SIGNATURE-----\n',
      '- ',
      'Hash: SHA256',
    ],
    ...['-----END PGP SIGNATURE-----\n', '\n\n', '\r\n', 'Hash: MD5\n', '=AAAA\n', 'Comment: x\n'],
  ],
};

const stanzas: readonly TestPackage[] = [
  { name: 'x', fields: { Depends: 'libc6 (>= 2.41), y | z:any [amd64 !i386] <!nocheck>' } },
  {
    name: 'y',
    fields: { Provides: 'z (= 2), virtual', Breaks: 'q (<< 1:2.0-1~b)', Multi: 'a\n b' },
  },
];
const packagesText = stanzas.map((each) => buildDeb(each).control).join('\n');

/** As much of a file handle as `scanIndex` uses. */
const handleOf = (bytes: Buffer) =>
  ({
    read: async (target: Buffer, offset: number, length: number, position: number | null) => {
      const from = position ?? 0;
      return { bytesRead: bytes.copy(target, offset, from, Math.min(bytes.length, from + length)) };
    },
  }) as unknown as FileHandle;

export const packagesIndex: Reader = {
  name: 'packages',
  form: 'text',
  seeds: async () => inputsOf(packagesText, 'Package: a\nVersion: 1\nArchitecture: all\n'),
  read: async (input) => {
    const { starts, ends } = await scanIndex(handleOf(input));
    const names = new Set([...(await packageNames(handleOf(input)))].map((name) => name.trim()));
    const scanned = Array.from(starts, (start, at) => input.subarray(start, ends[at]).toString());
    const paragraphs = scanned.map(parseParagraph);
    for (const paragraph of paragraphs) {
      const name = paragraph.get('package') ?? '';
      if (!names.has(Buffer.from(name.trim()).toString('latin1')) && /^[!-~]+$/.test(name)) {
        throw new Finding(`${JSON.stringify(name)} is in a stanza and not among the names`);
      }
    }
    return paragraphs.map((each) => candidateOf(each, 'trixie', 'amd64'));
  },
  refuses: isSyntaxError,
  words: [
    'Package: ',
    'Depends: ',
    'Provides: ',
    '\n\n',
    '\n \n',
    ' | ',
    ', ',
    ' (>= 1)',
    '[!amd64]',
    ':any',
  ],
};

export const relations: Reader = {
  name: 'relations',
  form: 'text',
  seeds: async () =>
    inputsOf(
      'libc6 (>= 2.41), a | b:any [amd64] <!nocheck>, c (<< 1:2~x-1)',
      'x [!i386], y:i386, z (= 1)',
    ),
  read: async (input) => {
    const groups = parseRelations(textOf(input), 'amd64');
    const shown = groups.map((group) => group.map(showRelation).join(' | ')).join(', ');
    same('shown and read again it is the same', parseRelations(shown, 'amd64'), groups);
    return groups;
  },
  refuses: isSyntaxError,
  words: ['(>= 1)', ' | ', ', ', '[amd64]', '<!nocheck>', ':any', '(<< ', ')'],
};

export const paragraphs: Reader = {
  name: 'paragraphs',
  form: 'text',
  seeds: async () => inputsOf(packagesText, 'A: b\n c\n\td\n#e\nF-1: g\n\n \nH:i\n'),
  read: async (input) => {
    const all = parseParagraphs(textOf(input));
    // A last line of blanks would be read as the end of the paragraph.
    const plain = all.map((each) => [...each].map(([name, value]) => [name, value.trimEnd()]));
    const written = plain.map((each) =>
      each.map(([name, value = '']) => `${name}: ${value.replaceAll('\n', '\n ')}\n`).join(''),
    );
    const again = parseParagraphs(written.join('\n')).map((each) => [...each]);
    same('written and read again it is the same', again, plain);
    return plain;
  },
  refuses: isSyntaxError,
  words: ['Package: ', '\n\n', '\n \n', '\n ', '#', ':', '\r\n'],
};

export const apkIndexes: Reader = {
  name: 'apkindex',
  form: 'text',
  seeds: async () => {
    const one = await buildApk({ name: 'x', provides: ['so:x.so=1', 'cmd:x'], depends: ['y>1'] });
    const two = await buildApk({ name: 'y', provides: ['x-virtual'], installIf: ['x'] });
    return inputsOf(`${one.stanza}\n${two.stanza}\n`, one.stanza);
  },
  read: async (input) => {
    const index = openApkIndex(input, 'x86_64', { description: '', date: 0 });
    const names = [...index.names()];
    for (const name of names) {
      if (index.find(name).length === 0) throw new Finding(`${JSON.stringify(name)} is not found`);
    }
    return names.map((name) => [name, index.find(name).length, index.providers(name).length]);
  },
  refuses: isSyntaxError,
  words: ['P:x\n', 'A:x86_64\n', 'A:noarch\n', 'p:', 'D:', '\n\n', '\nP:', 'C:Q1'],
};

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apkKeyFolder, rootfsKeys } from '../../../src/packages/apk/keys.ts';
import { keyringFolder, readKeyFiles } from '../../../src/packages/openpgp/keys.ts';
import { loadSigningKey } from '../../../src/sign/keys/signing-key.ts';
import { loadVerificationKey } from '../../../src/sign/keys/verification-key.ts';
import { newKey } from '../../support/openpgp-key.ts';
import { file } from '../../support/tar.ts';
import type { Reader } from '../reader.ts';
import { inputsOf } from './bytes.ts';
import { scratchFile } from './sample.ts';

const ed25519 = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });

const words = [
  ...[
    '-----BEGIN PUBLIC KEY-----\n',
    '-----END PUBLIC KEY-----\n',
    '-----BEGIN PRIVATE KEY-----\n',
  ],
  ...[
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\n',
    'Proc-Type: 4,ENCRYPTED\n',
    'DEK-Info: x\n',
    '=\n',
  ],
];

/** Gives an input to a reader of files; resolves to what `told` says of its result. */
const inFile = async <T, R>(
  input: Buffer,
  read: (path: string) => Promise<T>,
  told: (found: T) => R,
) => {
  const path = scratchFile('key');
  writeFileSync(path, input);
  return told(await read(path));
};

export const publicKeys: Reader = {
  name: 'pem-public',
  form: 'text',
  seeds: async () =>
    inputsOf(
      ...[ed25519, ec, rsa, weak].map(({ publicKey }) =>
        publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      ),
    ),
  read: (input) => inFile(input, loadVerificationKey, ({ hint }) => hint),
  words,
};

export const privateKeys: Reader = {
  name: 'pem-private',
  form: 'text',
  seeds: async () =>
    inputsOf(
      ...[ed25519, ec, weak].map(({ privateKey }) =>
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ),
      ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      ed25519.privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
    ),
  read: (input) =>
    inFile(
      input,
      (path) => loadSigningKey(path, async () => 'x'),
      ({ hint }) => hint,
    ),
  words,
};

export const apkKeys: Reader = {
  name: 'apk-keys',
  form: 'text',
  seeds: async () => [
    readFileSync(join(apkKeyFolder, 'x86_64/alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub')),
  ],
  read: async (input) => {
    const entry = {
      ...file('etc/apk/keys/a.rsa.pub'),
      size: input.length,
      content: { bytes: input },
    };
    return [...(await rootfsKeys([entry as ReturnType<typeof file>], 'input')).keys()];
  },
  words,
};

export const openPgpKeys: Reader = {
  name: 'openpgp-keys',
  form: 'bytes',
  seeds: async () => {
    const armored = (await newKey()).publicKey;
    const shipped = readFileSync(join(keyringFolder, 'debian-archive-trixie-stable.asc'));
    const base64 = armored.split('\n').filter((line) => /^[A-Za-z0-9+/]{4,}=*$/.test(line.trim()));
    return [
      Buffer.from(armored),
      shipped.subarray(0, 4096),
      Buffer.from(base64.join(''), 'base64'),
    ];
  },
  read: (input) =>
    inFile(
      input,
      (path) => readKeyFiles([path]),
      (keys) => keys.map((each) => each.getFingerprint()),
    ),
  words: [
    '-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
    '-----END PGP PUBLIC KEY BLOCK-----\n',
    'Comment: x\n',
    '\n\n',
    '=AAAA',
  ],
};

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateKey } from '../../../src/sign/keys/generate-key.ts';
import { passphraseFrom } from '../../../src/sign/keys/passphrase.ts';
import { loadSigningKey } from '../../../src/sign/keys/signing-key.ts';
import { loadVerificationKey } from '../../../src/sign/keys/verification-key.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { refusal } from '../../support/recipe.ts';
import { kinds, makeKeys } from '../keys.ts';

const saying = (passphrase: string | undefined) => async () => passphrase;
const ed25519 = kinds.Ed25519!;

/** A PEM file of some label that holds nothing of use. */
function pemFile(label: string): string {
  const file = join(temporaryFolder(), 'some.pem');
  writeFileSync(file, `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`);
  return file;
}

describe('loadSigningKey', () => {
  test('decrypts a key that OpenSSL encrypted', async () => {
    const { privateKey, publicKey } = makeKeys(temporaryFolder(), ed25519, 'correct horse');
    const key = await loadSigningKey(privateKey, saying('correct horse'));
    expect(key.hint).toBe((await loadVerificationKey(publicKey)).hint);
  });

  test('asks for no passphrase where none is needed', async () => {
    const { privateKey } = makeKeys(temporaryFolder(), ed25519);
    await loadSigningKey(privateKey, () => {
      throw new Error('asked');
    });
  });

  test('takes the older forms of OpenSSL as well', async () => {
    const { privateKey } = makeKeys(temporaryFolder(), kinds['ECDSA P-256']!);
    const older = join(temporaryFolder(), 'ec.pem');
    execFileSync('openssl', ['ec', '-in', privateKey, '-out', older], { stdio: 'pipe' });
    expect(readFileSync(older, 'utf8')).toContain('BEGIN EC PRIVATE KEY');
    expect((await loadSigningKey(older, saying(undefined))).algorithm.name).toBe('ECDSA P-256');
  });

  test('says of a wrong passphrase that it is wrong, and tells neither it nor the key', async () => {
    const { privateKey } = makeKeys(temporaryFolder(), ed25519, 'correct horse');
    const { code, message } = await refusal(loadSigningKey(privateKey, saying('battery staple')));
    expect(code).toBe('USAGE');
    expect(message).toContain('passphrase is wrong');
    expect(message).not.toMatch(/battery|horse|BEGIN/);
  });

  test('says where a passphrase can be given', async () => {
    const { privateKey } = makeKeys(temporaryFolder(), ed25519, 'x');
    const { message, hint } = await refusal(loadSigningKey(privateKey, saying(undefined)));
    expect(message).toContain('is encrypted');
    expect(hint).toContain('MKBASE_SIGN_PASSPHRASE');
  });

  test.each([
    [
      'too short an RSA key',
      ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
      '1024 bits',
    ],
    ['another curve', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], 'secp384r1'],
    ['a key that only agrees on keys', ['-algorithm', 'X25519'], 'x25519'],
  ])('refuses %s', async (_, genpkey, found) => {
    const { privateKey } = makeKeys(temporaryFolder(), genpkey);
    const { code, message } = await refusal(loadSigningKey(privateKey, saying(undefined)));
    expect(code).toBe('USAGE');
    expect(message).toContain(found);
  });

  test.each([
    ['ENCRYPTED SIGSTORE PRIVATE KEY', 'cosign'],
    ['OPENSSH PRIVATE KEY', 'ssh-keygen'],
    ['PUBLIC KEY', '--generate-key'],
    ['CERTIFICATE', '--generate-key'],
    ['PRIVATE KEY', 'Make another'],
  ])('says of a file with "%s" what would help', async (label, help) => {
    const { code, hint } = await refusal(loadSigningKey(pemFile(label), saying(undefined)));
    expect(code).toBe('USAGE');
    expect(hint).toContain(help);
  });

  test('refuses what is no PEM file, and one that is not there', async () => {
    const file = join(temporaryFolder(), 'key');
    const missing = await refusal(loadSigningKey(file, saying('')));
    expect(missing).toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('--generate-key'),
    });
    writeFileSync(file, Buffer.alloc(1_000_000));
    expect(await refusal(loadSigningKey(file, saying('')))).toMatchObject({ code: 'IO' });
  });
});

describe('loadVerificationKey', () => {
  test('does not take a private key for a public one', async () => {
    const { privateKey } = makeKeys(temporaryFolder(), ed25519);
    const { message, hint } = await refusal(loadVerificationKey(privateKey));
    expect(message).toContain('holds no public key');
    expect(hint).toContain('.pub');
  });

  test('refuses a damaged one', async () => {
    const { code } = await refusal(loadVerificationKey(pemFile('PUBLIC KEY')));
    expect(code).toBe('USAGE');
  });
});

describe('generateKey', () => {
  test('writes a pair of which only the owner can read the private half', async () => {
    const files = await generateKey(join(temporaryFolder(), 'key.pem'), undefined);
    expect(statSync(files.privateKey).mode & 0o777).toBe(0o600);
    const key = await loadSigningKey(files.privateKey, saying(undefined));
    expect(key.algorithm.name).toBe('Ed25519');
    expect((await loadVerificationKey(files.publicKey)).hint).toBe(key.hint);
  });

  test('encrypts it in a way that OpenSSL decrypts', async () => {
    const { privateKey } = await generateKey(join(temporaryFolder(), 'key.pem'), 'pa ss');
    const args = ['pkey', '-in', privateKey, '-passin', 'pass:pa ss', '-noout', '-check'];
    expect(execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })).toContain('valid');
  });

  test('never writes over a key, and leaves no half of a pair', async () => {
    const file = join(temporaryFolder(), 'key.pem');
    writeFileSync(`${file}.pub`, 'mine');
    expect(await refusal(generateKey(file, undefined))).toMatchObject({ code: 'USAGE' });
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(readFileSync(`${file}.pub`, 'utf8')).toBe('mine');
  });
});

describe('passphraseFrom', () => {
  const places = { environment: undefined, file: undefined, ask: undefined };

  test('takes the first line of a file before the environment, and that before it asks', async () => {
    const file = join(temporaryFolder(), 'passphrase');
    writeFileSync(file, 'of the file\r\nmore\n');
    const ask = async () => 'of the person';
    const environment = 'of the environment';
    expect(await passphraseFrom({ environment, file, ask })()).toBe('of the file');
    expect(await passphraseFrom({ ...places, environment, ask })()).toBe(environment);
    expect(await passphraseFrom({ ...places, ask })()).toBe('of the person');
    expect(await passphraseFrom(places)()).toBeUndefined();
  });
});

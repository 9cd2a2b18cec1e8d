import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PublicKey, readKey, readSignature, revokeKey } from 'openpgp';
import { beforeAll, describe, expect, test } from 'vitest';
import { keyringFolder, readKeyFiles, trustedKeys } from '../../../src/packages/openpgp/keys.ts';
import { verifyClearSigned, verifyDetached } from '../../../src/packages/openpgp/signature.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { clearSign, newKey, signDetached, type TestKey } from '../../support/openpgp-key.ts';

const now = new Date('2026-06-01T00:00:00Z');
const day = 86_400_000;
const created = new Date(now.getTime() - day);
const text = 'Origin: Debian\nSuite: stable  \n- dash\n';

let key: TestKey;
let stranger: TestKey;
let keys: PublicKey[];

beforeAll(async () => {
  [key, stranger] = [await newKey(), await newKey()];
  keys = [await readKey({ armoredKey: key.publicKey })];
});

const check = (signed: string, at = now, trusted = keys) =>
  verifyClearSigned(Buffer.from(signed), {
    keys: trusted,
    what: 'http://mirror/InRelease',
    now: at,
  });
const refusal = (message: RegExp | string) =>
  expect.objectContaining({
    code: 'SOURCE_UNTRUSTED',
    hint: expect.any(String),
    message: expect.stringMatching(message),
  });

describe('a clear-signed file', () => {
  test('gives back the signed text, without trailing blanks, and who signed it', async () => {
    const signed = await clearSign(text, key, { created });
    expect(await check(signed)).toEqual({
      text: 'Origin: Debian\nSuite: stable\n- dash\n',
      signedBy: [key.fingerprint],
    });
  });

  test('is accepted when one of several signatures is by a trusted key', async () => {
    const signed = await clearSign(text, [stranger, key], { created });
    expect((await check(signed)).signedBy).toEqual([key.fingerprint]);
  });

  test('is refused when it was changed', async () => {
    const signed = (await clearSign(text, key, { created })).replace('Debian', 'Dubious');
    await expect(check(signed)).rejects.toEqual(refusal('Signed digest did not match'));
  });

  test('is refused when no trusted key signed it', async () => {
    const signed = await clearSign(text, stranger, { created });
    await expect(check(signed)).rejects.toEqual(refusal('is not among the trusted keys'));
  });

  test('is refused with more signatures than anybody makes', async () => {
    const times = (count: number) => clearSign(text, new Array(count).fill(key), { created });
    expect((await check(await times(32))).signedBy).toEqual([key.fingerprint]);
    await expect(check(await times(33))).rejects.toEqual(refusal('has 33 signatures'));
  });

  test('is refused without a signature', async () => {
    await expect(check(text)).rejects.toEqual(refusal('carries no signature'));
    await expect(check('<html>Please log in</html>')).rejects.toEqual(refusal('no signature'));
  });

  test.each([
    ['MD5', 1],
    ['SHA-1', 2],
  ])('is refused when it is signed over %s', async (_, hash) => {
    const rsa = await newKey({ rsa: true });
    const signed = await clearSign(text, rsa, { created, hash });
    const trusted = [await readKey({ armoredKey: rsa.publicKey })];
    await expect(check(signed, now, trusted)).rejects.toEqual(refusal(/[Ii]nsecure|too weak/));
  });

  test('is refused when the signature is from the future, with a word on the clock', async () => {
    const signed = await clearSign(text, key, { created: new Date(now.getTime() + 2 * day) });
    await expect(check(signed)).rejects.toEqual(refusal('from the future'));
    await expect(check(signed)).rejects.toMatchObject({ hint: expect.stringContaining('clock') });
  });

  test('is accepted when its clock is ahead by less than a day', async () => {
    const signed = await clearSign(text, key, { created: new Date(now.getTime() + day / 2) });
    expect((await check(signed)).signedBy).toEqual([key.fingerprint]);
  });

  test('is refused when the signature has expired', async () => {
    const signed = await clearSign(text, key, { created, lifetimeSeconds: 3600 });
    await expect(check(signed)).rejects.toEqual(refusal('expired on'));
  });

  test('is refused when the key has expired since', async () => {
    const shortLived = await newKey({
      created: new Date(now.getTime() - 10 * day),
      lifetimeSeconds: 9 * 86_400,
    });
    const signed = await clearSign(text, shortLived, {
      created: new Date(now.getTime() - 5 * day),
    });
    const trusted = [await readKey({ armoredKey: shortLived.publicKey })];
    await expect(check(signed, now, trusted)).rejects.toEqual(refusal('expired'));
  });

  test('is refused when the key was revoked since', async () => {
    const signed = await clearSign(text, key, { created });
    const { publicKey } = await revokeKey({ key: key.privateKey, date: created, format: 'object' });
    await expect(check(signed, now, [publicKey])).rejects.toEqual(refusal('revoked'));
  });

  test('is refused when what is signed is not the document', async () => {
    const signed = await clearSign(text, key, { created, type: 2 });
    await expect(check(signed)).rejects.toEqual(refusal('carries no signature'));
  });

  test.each([
    ['before', (signed: string) => `Origin: Evil\n${signed}`],
    ['after', (signed: string) => `${signed}\nOrigin: Evil\n`],
    ['in a second message', (signed: string) => `${signed}\n${signed}`],
  ])('is refused with text %s the signed block', async (_, forge) => {
    const signed = await clearSign(text, key, { created });
    await expect(check(forge(signed))).rejects.toEqual(refusal('not a clear-signed file'));
  });

  test('is refused when it is not text', async () => {
    const bytes = Buffer.concat([Buffer.from('-----BEGIN'), Buffer.from([0xff, 0xfe])]);
    const checked = verifyClearSigned(bytes, { keys, what: 'x', now });
    await expect(checked).rejects.toEqual(refusal('not UTF-8'));
  });
});

describe('a detached signature', () => {
  const bytes = randomBytes(300_000);
  async function* stream() {
    yield bytes.subarray(0, 1000);
    yield bytes.subarray(1000);
  }
  const checkDetached = (signature: string | Uint8Array) =>
    verifyDetached(stream(), Buffer.from(signature), { keys, what: 'x.tar.xz', now });

  test('over a stream of bytes holds', async () => {
    const signature = await signDetached(bytes, key, { created });
    expect(await checkDetached(signature)).toEqual([key.fingerprint]);
  });

  test('over other bytes is refused', async () => {
    const signature = await signDetached(randomBytes(10), key, { created });
    await expect(checkDetached(signature)).rejects.toEqual(refusal('no valid signature'));
  });

  test('that is no signature is refused', async () => {
    await expect(checkDetached('nonsense')).rejects.toEqual(refusal('cannot be read'));
  });

  test('that holds here holds for gpgv', async () => {
    const folder = temporaryFolder();
    const file = (name: string) => join(folder, name);
    await writeFile(file('archive'), bytes);
    await writeFile(file('archive.asc'), await signDetached(bytes, key, { created }));
    await writeFile(file('InRelease'), await clearSign(text, key, { created }));
    await writeFile(file('key.gpg'), keys[0]!.write());
    const gpgv = (...args: string[]) =>
      execFileSync('gpgv', ['--quiet', '--keyring', file('key.gpg'), ...args], {
        stdio: 'ignore',
      });
    gpgv(file('archive.asc'), file('archive'));
    gpgv(file('InRelease'));
  });
});

describe('the trust store', () => {
  test('holds exactly the keys that its README names', async () => {
    const readme = execFileSync('cat', [join(keyringFolder, 'README.md')]).toString();
    const named = [...readme.matchAll(/\| `([0-9A-F]{40})` \|/g)].map((match) => match[1]);
    const found = (await trustedKeys()).map((each) => each.getFingerprint().toUpperCase());
    expect(found.sort()).toEqual(named.sort());
    const files = (await readdir(keyringFolder)).filter((name) => name.endsWith('.asc'));
    for (const name of files) expect(readme).toContain(`\`${name}\``);
  });

  test('names a file that holds no key', async () => {
    await expect(readKeyFiles([join(keyringFolder, 'README.md')])).rejects.toEqual(
      refusal('README.md holds no'),
    );
  });
});

test('a detached signature is refused when there are more of them than anybody makes', async () => {
  const bytes = Buffer.from('a file');
  const armoredSignature = await signDetached(bytes, key, { created });
  const one = Buffer.from((await readSignature({ armoredSignature })).write());
  const verify = (count: number, before = Buffer.alloc(0)) =>
    verifyDetached(
      (async function* () {
        yield bytes;
      })(),
      Buffer.concat([before, ...new Array<Buffer>(count).fill(one)]),
      { keys, what: 'file', now },
    );
  expect(await verify(32)).toEqual([key.fingerprint]);
  await expect(verify(33)).rejects.toEqual(refusal('has 33 signatures'));
  // A marker, which openpgp leaves out (RFC 9580, section 5.8).
  const marker = Buffer.from([0xca, 3, 0x50, 0x47, 0x50]);
  await expect(verify(33, marker)).rejects.toEqual(refusal('has 33 signatures'));
});

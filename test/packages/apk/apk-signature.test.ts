import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Warning } from '../../../src/base/events.ts';
import { verifyApkSignature } from '../../../src/packages/apk/apk-signature.ts';
import type { ApkTimes } from '../../../src/packages/apk/keys.ts';
import type { ShippedKey } from '../../../src/packages/keyrings/shipped.ts';
import { type ApkKey, newApkKey, signatureMember } from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { file, tarOf } from '../../support/tar.ts';

const key = newApkKey('one@example.org-1.rsa.pub');
const other = newApkKey('two@example.org-2.rsa.pub');
const what = 'http://mirror.example/APKINDEX.tar.gz';
const times = { now: new Date('2026-06-01T00:00:00Z') };

const believed = (...keys: ApkKey[]) =>
  new Map(keys.map(({ name, publicKey }) => [name, createPublicKey(publicKey)]));

const index = gzipSync('an index');

const untrusted = (message: string) =>
  expect.objectContaining({ code: 'SOURCE_UNTRUSTED', message: expect.stringContaining(message) });

describe('a signed index', () => {
  test.each([
    ['RSA', 'rsa-sha1'],
    ['RSA256', 'rsa-sha256'],
  ] as const)('is believed for a signature of the form %s', async (form, signature) => {
    const bytes = Buffer.concat([await signatureMember(index, key, form), index]);
    const found = await verifyApkSignature(bytes, believed(other, key), what, times);
    expect(found).toEqual({ signed: index, signedBy: key.name, signature });
  });

  test('is believed when openssl made the signature, as abuild-sign does', async () => {
    const folder = temporaryFolder();
    const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(join(folder, 'key'), pem);
    writeFileSync(join(folder, 'index'), index);
    const args = ['dgst', '-sha1', '-sign', 'key', '-out', 'signature', 'index'];
    execFileSync('openssl', args, { cwd: folder });
    const signature = readFileSync(join(folder, 'signature'));
    const name = `.SIGN.RSA.${key.name}`;
    const entry = { ...file(name), size: signature.length, content: { bytes: signature } };
    // With the zeros that end an archive, which abuild cuts off and others leave.
    const bytes = Buffer.concat([gzipSync(await tarOf([entry as never])), index]);
    const found = await verifyApkSignature(bytes, believed(key), what, times);
    expect(found.signedBy).toBe(key.name);
  });

  test('is refused with any byte of what is signed changed', async () => {
    const head = await signatureMember(index, key);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(index.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const changed = Buffer.from(index);
          changed[at]! ^= change;
          const bytes = Buffer.concat([head, changed]);
          await expect(verifyApkSignature(bytes, believed(key), what, times)).rejects.toThrow(
            untrusted(`${what}: the signature of ${key.name} does not hold`),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is refused cut, and with bytes added', async () => {
    const whole = Buffer.concat([await signatureMember(index, key), index]);
    for (const bytes of [whole.subarray(0, -1), Buffer.concat([whole, index])]) {
      await expect(verifyApkSignature(bytes, believed(key), what, times)).rejects.toThrow(
        untrusted('does not hold'),
      );
    }
  });

  test('is refused without a signature', async () => {
    await expect(
      verifyApkSignature(
        gzipSync(await tarOf([file('APKINDEX', 'P:x\n')])),
        believed(key),
        what,
        times,
      ),
    ).rejects.toThrow(untrusted(`${what} is not signed`));
  });

  test('is refused when only keys have signed it that are not believed, with their names', async () => {
    const bytes = Buffer.concat([await signatureMember(index, other), index]);
    await expect(verifyApkSignature(bytes, believed(key), what, times)).rejects.toThrow(
      untrusted(`signed by ${other.name}, which is not believed here. Believed are ${key.name}`),
    );
  });

  test('is refused for another key behind a believed name', async () => {
    const forged = { ...other, name: key.name };
    const bytes = Buffer.concat([await signatureMember(index, forged), index]);
    await expect(verifyApkSignature(bytes, believed(key), what, times)).rejects.toThrow(
      untrusted('does not hold'),
    );
  });

  test('is refused for an algorithm that is not known', async () => {
    const entry = file(`.SIGN.DSA.${key.name}`, 'x');
    const bytes = Buffer.concat([gzipSync(await tarOf([entry])), index]);
    await expect(verifyApkSignature(bytes, believed(key), what, times)).rejects.toThrow(
      untrusted('not believed'),
    );
  });

  test('is refused when it is none of apk’s files at all', async () => {
    const refused = expect.objectContaining({ code: 'ARCHIVE_REFUSED' });
    for (const bytes of [Buffer.from('<!doctype html>'), Buffer.of(), gzipSync('text')]) {
      await expect(verifyApkSignature(bytes, believed(key), what, times)).rejects.toThrow(refused);
    }
  });
});

describe('a key of apk that mkbase knows more of', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  const revocation = (reason: 'compromised' | 'retired') => ({
    date: '2026-03-01T00:00:00Z',
    reason,
  });
  /** Facts as keys.json has them, of `key`; the other one signs in its place. */
  const facts = (changes: Partial<ShippedKey>) => async (fingerprint: string) => {
    const nameOf = ({ publicKey }: ApkKey) =>
      createHash('sha256')
        .update(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }))
        .digest('hex');
    const replacedBy = nameOf(other);
    const shared = { created: '2020-01-01T00:00:00Z', expires: null, revoked: null };
    const found: Record<string, object> = {
      [nameOf(key)]: { ...shared, name: key.name, replacedBy, ...changes },
      [replacedBy]: { ...shared, name: other.name, replacedBy: null },
    };
    return found[fingerprint] as ShippedKey | undefined;
  };
  const signedAt = new Date('2026-01-01T00:00:00Z');

  async function outcome(changes: Partial<ShippedKey>, judged: Partial<ApkTimes>, by = [key]) {
    const bytes = Buffer.concat([await signatureMember(index, by[0]!), index]);
    const check = { now, known: facts(changes), ...judged };
    return verifyApkSignature(bytes, believed(key, other), what, check);
  }

  test.each([
    ['revoked', { revoked: revocation('compromised') }, 'somebody else may hold it'],
    ['retired', { revoked: revocation('retired') }, 'it is retired'],
    ['expired', { expires: '2026-03-01T00:00:00Z' }, 'expired on 2026-03-01'],
    ['not yet made', { created: '2026-07-01T00:00:00Z' }, 'was made on 2026-07-01'],
  ])('is refused when something is pinned: it is %s', async (_, changes, reason) => {
    await expect(outcome(changes, {})).rejects.toThrow(untrusted(reason));
    expect((await outcome(changes, {}, [other])).signedBy).toBe(other.name);
  });

  test('is told for a lock of before, with the key in its place', async () => {
    const warnings: Warning[] = [];
    const past = { allow: [], warn: (warning: Warning) => warnings.push(warning) };
    const { signedBy } = await outcome({ revoked: revocation('retired') }, { past, signedAt });
    expect(signedBy).toBe(key.name);
    expect(warnings).toMatchObject([
      { code: 'retired-key', message: expect.stringContaining(`Today ${other.name} signs`) },
    ]);
    const lost = { revoked: revocation('compromised') };
    await expect(outcome(lost, { past, signedAt })).rejects.toThrow(untrusted('somebody else'));
    const allowed = { past: { ...past, allow: ['revoked-key'] }, signedAt };
    expect((await outcome(lost, allowed)).signedBy).toBe(key.name);
    expect(warnings.at(-1)?.code).toBe('revoked-key');
  });
});

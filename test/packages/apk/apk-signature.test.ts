import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyApkSignature } from '../../../src/packages/apk/apk-signature.ts';
import { type ApkKey, newApkKey, signatureMember } from '../../support/apk.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { file, tarOf } from '../../support/tar.ts';

const key = newApkKey('one@example.org-1.rsa.pub');
const other = newApkKey('two@example.org-2.rsa.pub');
const what = 'http://mirror.example/APKINDEX.tar.gz';

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
    const found = await verifyApkSignature(bytes, believed(other, key), what);
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
    const found = await verifyApkSignature(bytes, believed(key), what);
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
          await expect(verifyApkSignature(bytes, believed(key), what)).rejects.toThrow(
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
      await expect(verifyApkSignature(bytes, believed(key), what)).rejects.toThrow(
        untrusted('does not hold'),
      );
    }
  });

  test('is refused without a signature', async () => {
    await expect(
      verifyApkSignature(gzipSync(await tarOf([file('APKINDEX', 'P:x\n')])), believed(key), what),
    ).rejects.toThrow(untrusted(`${what} is not signed`));
  });

  test('is refused when only keys have signed it that are not believed, with their names', async () => {
    const bytes = Buffer.concat([await signatureMember(index, other), index]);
    await expect(verifyApkSignature(bytes, believed(key), what)).rejects.toThrow(
      untrusted(`signed by ${other.name}, which is not believed here. Believed are ${key.name}`),
    );
  });

  test('is refused for another key behind a believed name', async () => {
    const forged = { ...other, name: key.name };
    const bytes = Buffer.concat([await signatureMember(index, forged), index]);
    await expect(verifyApkSignature(bytes, believed(key), what)).rejects.toThrow(
      untrusted('does not hold'),
    );
  });

  test('is refused for an algorithm that is not known', async () => {
    const entry = file(`.SIGN.DSA.${key.name}`, 'x');
    const bytes = Buffer.concat([gzipSync(await tarOf([entry])), index]);
    await expect(verifyApkSignature(bytes, believed(key), what)).rejects.toThrow(
      untrusted('not believed'),
    );
  });

  test('is refused when it is none of apk’s files at all', async () => {
    const refused = expect.objectContaining({ code: 'ARCHIVE_REFUSED' });
    for (const bytes of [Buffer.from('<!doctype html>'), Buffer.of(), gzipSync('text')]) {
      await expect(verifyApkSignature(bytes, believed(key), what)).rejects.toThrow(refused);
    }
  });
});

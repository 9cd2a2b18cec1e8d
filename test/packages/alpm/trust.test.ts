import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { config, readKey } from 'openpgp';
import { beforeAll, describe, expect, test } from 'vitest';
import { alpmTrust } from '../../../src/packages/alpm/trust.ts';
import { verifyPackage } from '../../../src/packages/alpm/verify-package.ts';
import {
  certifiersOf,
  readWeb,
  verifyByWeb,
  type WebOfTrust,
} from '../../../src/packages/openpgp/web-of-trust.ts';
import {
  fingerprintOf,
  newWeb,
  type Packager,
  signPackage,
  type TestWeb,
} from '../../support/alpm-keys.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { certifyWithSha1, newKey } from '../../support/openpgp-key.ts';
import { streamOf } from '../../support/tar.ts';

const now = new Date('2026-06-01T00:00:00Z');
const bytes = Buffer.from('a package');

describe('a web of trust', () => {
  let web: TestWeb;
  let packagers: readonly Packager[];
  let read: WebOfTrust;
  beforeAll(async () => {
    web = await newWeb();
    packagers = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((count) => web.packager(`Certified ${count}`, count)),
    );
    const file = join(temporaryFolder(), 'keyring.asc');
    writeFileSync(file, web.keyring(packagers));
    read = await readWeb({ files: [file], masters: web.fingerprints, revoked: [], foreign: true });
  });

  const verify = async (packager: Packager, changes: Partial<WebOfTrust> = {}) =>
    verifyByWeb(
      streamOf(bytes),
      await signPackage(bytes, packager),
      { ...read, ...changes },
      {
        what: 'bash 1-1',
        now,
      },
    );

  test.each([0, 1, 2, 3, 4, 5])('counts the %i masters that certify a key', async (count) => {
    const key = read.keys.find(
      (each) => each.getFingerprint().toUpperCase() === packagers[count]?.fingerprint,
    );
    expect(await certifiersOf(key!, read, now)).toEqual(web.fingerprints.slice(0, count).sort());
  });

  test('takes a signature by a key that three masters certify', async () => {
    expect(await verify(packagers[3]!)).toEqual({
      signer: packagers[3]?.fingerprint,
      masters: web.fingerprints.slice(0, 3).sort(),
    });
  });

  test.each([0, 1, 2])('refuses one that %i masters certify, by name', async (count) => {
    await expect(verify(packagers[count]!)).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringMatching(
        new RegExp(
          `^bash 1-1 is not signed by .*\\n.*Certified ${count}.* certified by ${count} of 5`,
        ),
      ),
    });
  });

  describe('with a packager of two user ids', () => {
    const two = () => web.packager('Of two', 0, { names: ['Of two', 'Of two at home'] });
    const found = async ({ own }: Packager) => certifiersOf(own, read, now);

    test('adds no certifications of several user ids up, as GnuPG does not', async () => {
      const packager = await two();
      await web.certify(packager, 0, [0, 1]);
      await web.certify(packager, 1, [2, 3]);
      expect(await found(packager)).toEqual(web.fingerprints.slice(0, 2).sort());
      await web.certify(packager, 1, [4]);
      expect(await found(packager)).toEqual(web.fingerprints.slice(2).sort());
    });

    test.each([
      [
        'that the key has not signed itself',
        async ({ own }: Packager) => void own.users[1]?.selfCertifications.splice(0),
      ],
      ['that was revoked', (packager: Packager) => web.revokeUser(packager, 1)],
    ])('counts nothing for a user id %s', async (_, spoil) => {
      const packager = await two();
      await web.certify(packager, 0, [3]);
      await web.certify(packager, 1, [0, 1, 2]);
      expect(await found(packager)).toHaveLength(3);
      await spoil(packager);
      expect(await found(packager)).toEqual([web.fingerprints[3]]);
    });
  });

  describe('with a master of its own', () => {
    test('counts no certification over a SHA-1', async () => {
      const master = await newKey({ rsa: true });
      const masters = [await readKey({ armoredKey: master.publicKey })];
      const { own } = await web.packager('Another', 0);
      await certifyWithSha1(own, master);
      const [made] = own.users[0]!.otherCertifications;
      // It holds but for its hash.
      expect(await own.users[0]!.verifyCertificate(made!, masters, now)).toBe(true);
      expect(await certifiersOf(own, { ...read, masters }, now)).toEqual([]);
    });

    test('counts none of a master that has expired', async () => {
      const created = new Date('2024-01-01T00:00:00Z');
      const master = await newKey({ created, lifetimeSeconds: 2 * 365 * 86_400 });
      const masters = [await readKey({ armoredKey: master.publicKey })];
      const { own } = await web.packager('Another', 0);
      const [user] = own.users;
      const signed = await user!.certify(
        [master.privateKey],
        new Date('2025-02-01T00:00:00Z'),
        config,
      );
      user!.otherCertifications.push(...signed.otherCertifications);
      const found = (at: Date) => certifiersOf(own, { ...read, masters }, at);
      expect(await found(new Date('2025-06-01T00:00:00Z'))).toEqual([master.fingerprint]);
      expect(await found(now)).toEqual([]);
    });
  });

  test('counts a master that a recipe names twice once', async () => {
    const file = join(temporaryFolder(), 'keyring.asc');
    writeFileSync(file, web.keyring(packagers));
    const [first = '', second = ''] = web.fingerprints;
    const masters = [first, first, second];
    const { needed, masters: kept } = await readWeb({
      ...{ files: [file], masters, revoked: [], foreign: true },
    });
    expect([needed, kept.length]).toEqual([2, 2]);
  });

  test('refuses a key that the list of revoked ones has', async () => {
    const revoked = new Set([packagers[5]!.fingerprint]);
    await expect(verify(packagers[5]!, { revoked })).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('was revoked by those who keep the keyring'),
    });
  });

  test('counts no certification by a master that is revoked', async () => {
    const revoked = new Set(web.fingerprints.slice(0, 1));
    await expect(verify(packagers[3]!, { revoked })).rejects.toMatchObject({
      message: expect.stringContaining('certified by 2 of 5'),
    });
  });

  test('refuses the signature of other bytes before it reads anything', async () => {
    const signature = await signPackage(Buffer.from('another'), packagers[5]!);
    const open = () => streamOf(bytes);
    const check = { what: 'bash 1-1', now };
    await expect(verifyPackage({ open, signature }, read, check)).rejects.toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('bash 1-1 has no valid signature'),
    });
  });

  test('refuses a master whose key is not there', async () => {
    const masters = ['0'.repeat(40)];
    await expect(readWeb({ files: [], masters, revoked: [], foreign: true })).rejects.toMatchObject(
      { code: 'SOURCE_UNTRUSTED', about: masters },
    );
  });
});

test('Arch’s keyring has five masters, who certify most of its packagers', async () => {
  const web = await alpmTrust({ keys: [], masters: [] });
  expect(web).toMatchObject({ needed: 3, foreign: false });
  expect(web.masters).toHaveLength(5);
  expect(web.keys.filter((key) => web.revoked.has(fingerprintOf(key))).length).toBeGreaterThan(10);
  const counts = await Promise.all(web.keys.map((key) => certifiersOf(key, web, now)));
  expect(counts.filter((masters) => masters.length >= 3).length).toBeGreaterThan(60);
  expect(counts.filter((masters) => masters.length < 3).length).toBeGreaterThan(60);
});

import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicKey } from 'openpgp';
import { readKey } from 'openpgp';
import { beforeAll, describe, expect, test } from 'vitest';
import { openRpm } from '../../../src/packages/rpm/package/open-rpm.ts';
import { verifyRpm } from '../../../src/packages/rpm/signed/verify-rpm.ts';
import { newKey, nodeRsaKey, type TestKey, weakCopy } from '../../support/openpgp-key.ts';
import { timesOf } from '../../support/proofs.ts';
import {
  noRpmMirror,
  realCheck,
  realPackages,
  rpmMirror,
  signedPackages,
} from '../../support/rpm/mirror.ts';
import { rpmFile, signV3, type TestRpm } from '../../support/rpm/writer.ts';

const now = new Date('2026-01-01T00:00:00Z');

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

const flipped = (bytes: Buffer, at: number, bit = 0): Buffer => {
  const other = Buffer.from(bytes);
  other[at]! ^= 1 << bit;
  return other;
};

/** Returns the error's code and message. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'none', message: '' }),
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  );

describe('a package that a test signed', () => {
  let key: TestKey;
  let rsa: TestKey & { node: string };
  let keys: PublicKey[];
  const check = () => ({ keys, what: 'sample.rpm', now });
  const verified = async (rpm: TestRpm) => verifyRpm(whole(await rpmFile(rpm)), check());

  beforeAll(async () => {
    key = await newKey();
    const made = await newKey({ rsa: true });
    rsa = { ...made, node: nodeRsaKey(made) };
    keys = await Promise.all([key, rsa].map((each) => readKey({ armoredKey: each.publicKey })));
  });

  const ofHeader = (faults = {}) => ({
    signatures: (header: Buffer) => ({ 268: signV3(header, rsa, faults) }),
  });

  test('names its signer, and its own digest', async () => {
    const bytes = await rpmFile({ key });
    const { sha256, signedBy, header } = await verifyRpm(whole(bytes), check());
    expect(signedBy).toEqual([key.fingerprint]);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(header.text(1000)).toBe('sample');
  });

  test('holds by a signature of version 3 over its header', async () => {
    expect((await verified(ofHeader())).signedBy).toEqual([rsa.fingerprint]);
    expect((await verified(ofHeader({ hash: 10 }))).signedBy).toEqual([rsa.fingerprint]);
  });

  test('that has no digest of its payload holds only by a signature over both', async () => {
    const both = {
      signatures: (header: Buffer, payload: Buffer) => ({
        1002: signV3(Buffer.concat([header, payload]), rsa),
      }),
    };
    expect((await verified({ old: true, ...both })).signedBy).toEqual([rsa.fingerprint]);
    expect(await failure(verified({ old: true, ...ofHeader() }))).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: 'sample.rpm is not signed over its payload, and its header has no digest of it.',
    });
  });

  test.each([
    ['SHA-1', { hash: 2 }, 'its hash algorithm is too weak'],
    ['MD5', { hash: 1 }, 'its hash algorithm is too weak'],
    ['a time to come', { created: 1_900_000_000 }, 'it is from the future'],
    ['a time before its key', { created: 1_600_000_000 }, 'after the signature of'],
    ['another type', { type: 1 }, 'it signs no binary document'],
  ])('of version 3 with %s is refused', async (_, faults, reason) => {
    expect(await failure(verified(ofHeader(faults)))).toEqual({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining(reason),
    });
  });

  test('by a key that has signed itself with SHA-1 only is refused', async () => {
    const bytes = await rpmFile(ofHeader());
    const weak = { ...check(), keys: [await weakCopy(rsa)] };
    expect(await failure(verifyRpm(whole(bytes), weak))).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('has signed itself with a broken hash only'),
    });
  });

  test('is refused in no time for a signature that is no base64', { timeout: 20_000 }, async () => {
    const blanks = { signatures: () => ({ 278: [`A${' '.repeat(2 ** 20)}!`] }) };
    expect(await failure(verified(blanks))).toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('a signature is no base64'),
    });
  });

  test('with an algorithm that is not verified is refused by its name', async () => {
    expect(await failure(verified(ofHeader({ algorithm: 17 })))).toMatchObject({
      message: expect.stringContaining('signed with DSA (algorithm 17), which is not verified'),
    });
  });

  test('of another key, or of none, is refused', async () => {
    const other = await newKey();
    expect(await failure(verified({ key: other }))).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('is not among the trusted keys'),
    });
    expect(await failure(verified({}))).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: 'sample.rpm is not signed.',
    });
  });

  test('by a key that has expired since, or that was not there yet, is refused', async () => {
    const brief = await newKey({ lifetimeSeconds: 3600 });
    keys.push(await readKey({ armoredKey: brief.publicKey }));
    expect((await failure(verified({ key: brief }))).code).toBe('SOURCE_UNTRUSTED');
  });

  test('is refused when its payload is exchanged', async () => {
    const bytes = await rpmFile({ key, files: [{ path: '/a', content: 'aaaa' }] });
    const at = bytes.lastIndexOf('aaaa');
    expect(await failure(verifyRpm(whole(flipped(bytes, at)), check()))).toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining(
        'was changed after it was signed: the sha256 of its payload',
      ),
    });
  });

  test('may not state the digest of its payload by a broken hash', async () => {
    const tags = { 5092: ['00'.repeat(20)], 5093: { int32: [2] } };
    expect(await failure(verified({ key, tags }))).toMatchObject({
      code: 'ARCHIVE_REFUSED',
      message: expect.stringContaining('its payload has a digest of hash 2'),
    });
  });

  test('is not held by what stands beside a signature', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const forged = { ...rsa, node: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
    const signatures = (header: Buffer) => ({ 268: signV3(header, forged) });
    expect(await failure(verified({ signatures }))).toMatchObject({
      message: expect.stringContaining('it does not hold'),
    });
    const behind = (header: Buffer) => ({
      268: Buffer.concat([signV3(header, rsa), Buffer.from([0x89, 0, 1, 3])]),
    });
    expect((await failure(verified({ signatures: behind }))).code).toBe('SOURCE_UNTRUSTED');
  });
});

/** Offsets that a signature covers: the header from its first byte on, and the payload. */
async function signedRange(bytes: Buffer): Promise<readonly [start: number, end: number]> {
  const { start, rest } = await openRpm(whole(bytes), 'a real package');
  await rest.close();
  const before = start.slice(0, 3).reduce((sum, part) => sum + part.length, 0);
  return [before, bytes.length];
}

const places = timesOf('flippedBits');

/** Offsets to change a bit at: some of the header and of the payload, and their first and last; or all. */
function sampled([start, end]: readonly [number, number]): number[] {
  const count = Math.min(places, end - start);
  const step = (end - start) / count;
  const inner = Array.from({ length: count }, (_, at) => start + Math.floor(at * step));
  return [...new Set([...inner, start + 1, start + 8, start + 16, end - 1])];
}

describe.skipIf(noRpmMirror)(`real packages${noRpmMirror ?? ''}`, () => {
  const read = (file: string) => readFileSync(join(rpmMirror ?? '', file));

  test('all hold by their own keys', async () => {
    const names = signedPackages();
    expect(names.length).toBeGreaterThanOrEqual(11);
    for (const name of names) {
      const { signedBy } = await verifyRpm(whole(read(name)), await realCheck(name));
      expect(signedBy.length, name).toBeGreaterThan(0);
    }
  });

  test(
    'with a bit flipped anywhere that is signed are refused',
    async () => {
      for (const name of signedPackages()) {
        const bytes = read(name);
        const check = await realCheck(name);
        for (const at of sampled(await signedRange(bytes))) {
          const outcome = await failure(verifyRpm(whole(flipped(bytes, at, at % 8)), check));
          expect(
            ['SOURCE_UNTRUSTED', 'SOURCE_CORRUPT', 'ARCHIVE_REFUSED'],
            `${name} at ${at}`,
          ).toContain(outcome.code);
        }
      }
    },
    /* In full, some hundred thousand signatures are checked. */ 2 * 3600 * 1000,
  );

  test('of keys that signed themselves with SHA-1 are refused where that is not known of the key', async () => {
    for (const name of signedPackages().filter((each) => each.startsWith('real/'))) {
      const check = { ...(await realCheck(name)), known: async () => undefined };
      expect(await failure(verifyRpm(whole(read(name)), check))).toMatchObject({
        code: 'SOURCE_UNTRUSTED',
        message: expect.stringContaining('has signed itself with a broken hash only'),
      });
    }
  });

  test('that are not signed, or with ML-DSA, are refused by name', async () => {
    const other = realPackages().filter((name) => !signedPackages().includes(name));
    for (const name of other) {
      const outcome = await failure(verifyRpm(whole(read(name)), await realCheck(name)));
      expect(outcome.code, name).toBe('SOURCE_UNTRUSTED');
      expect(outcome.message).toMatch(
        name.includes('mldsa')
          ? /ML-DSA-65 with Ed25519 \(algorithm 30\), which is not verified/
          : /is not signed\.$/,
      );
    }
  });
});

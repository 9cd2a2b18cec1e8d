import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  config,
  generateKey,
  type PrivateKey,
  type PublicKey,
  readKey,
  readPrivateKey,
  reformatKey,
  revokeKey,
  SignaturePacket,
} from 'openpgp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Warning } from '../../../src/base/events.ts';
import type { ShippedKey } from '../../../src/packages/keyrings/shipped.ts';
import { verifyClearSigned, verifyDetached } from '../../../src/packages/openpgp/signature.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { clearSign, newKey, signDetached, type TestKey } from '../../support/openpgp-key.ts';

const date = (text: string) => new Date(`${text}T00:00:00Z`);
const now = date('2026-06-01');
const signedAt = date('2026-01-01');
const text = 'Suite: stable\n';

/** Reasons for revocation (RFC 9580 section 5.2.3.31). */
const reasons = { none: 0, superseded: 1, compromised: 2, retired: 3 } as const;

interface Outcome {
  readonly signedBy?: readonly string[];
  readonly warnings: readonly Warning[];
  /** Message and hint of a refusal. */
  readonly refused?: string;
}

const refusedWith = (error: { code?: string; message: string; hint?: string }) => {
  expect(error.code).toBe('SOURCE_UNTRUSTED');
  return `${error.message} ${error.hint}`;
};

/** Checks a signature as it is checked when something is pinned. */
async function whenPinned(signed: string, keys: readonly PublicKey[]): Promise<Outcome> {
  try {
    const check = { keys, what: 'InRelease', now };
    return { warnings: [], ...(await verifyClearSigned(Buffer.from(signed), check)) };
  } catch (error) {
    return { warnings: [], refused: refusedWith(error as Error) };
  }
}

/** Checks a signature as it is checked for a lock of before. */
async function forLock(
  signed: string,
  keys: readonly PublicKey[],
  allow: readonly string[] = [],
  known = async (_: string): Promise<ShippedKey | undefined> => undefined,
): Promise<Outcome> {
  const warnings: Warning[] = [];
  const past = { allow, warn: (warning: Warning) => warnings.push(warning) };
  try {
    const check = { keys, what: 'InRelease', now, past, known };
    const { signedBy } = await verifyClearSigned(Buffer.from(signed), check);
    return { signedBy, warnings };
  } catch (error) {
    return { warnings, refused: refusedWith(error as Error) };
  }
}

const publicOf = (key: TestKey): Promise<PublicKey> => readKey({ armoredKey: key.publicKey });

async function revoked(key: TestKey, flag: number, on: Date): Promise<PublicKey> {
  const { publicKey } = await revokeKey({
    key: key.privateKey,
    reasonForRevocation: { flag },
    date: on,
    format: 'object',
  });
  return publicKey;
}

/** A copy that went through a file, as every key does. */
const reread = (key: PublicKey): Promise<PublicKey> => readKey({ binaryKey: key.write() });

let key: TestKey;
let other: TestKey;
let signed: string;
beforeAll(async () => {
  [key, other] = [await newKey(), await newKey()];
  signed = await clearSign(text, key, { created: signedAt });
});

describe('a key that has expired since it signed', () => {
  const days = (from: string, to: string) => (date(to).getTime() - date(from).getTime()) / 1000;
  const living = (until: string) =>
    newKey({ created: date('2025-01-01'), lifetimeSeconds: days('2025-01-01', until) });

  test('is refused when something is pinned, and told for a lock of before', async () => {
    const expired = await living('2026-03-01');
    const ownText = await clearSign(text, expired, { created: signedAt });
    const keys = [await publicOf(expired)];
    expect((await whenPinned(ownText, keys)).refused).toContain('expired on 2026-03-01');
    expect(await forLock(ownText, keys)).toMatchObject({
      signedBy: [expired.fingerprint],
      warnings: [{ code: 'expired-key', message: expect.stringContaining(expired.fingerprint) }],
    });
  });

  test('vouches for nothing that it signed after that day', async () => {
    const expired = await living('2025-12-01');
    const ownText = await clearSign(text, expired, { created: signedAt });
    const keys = [await publicOf(expired)];
    expect((await forLock(ownText, keys)).refused).toContain('expired');
  });

  test('is not told where a key that is good signed as well', async () => {
    const expired = await living('2026-03-01');
    const both = await clearSign(text, [expired, key], { created: signedAt });
    const outcome = await forLock(both, [await publicOf(expired), await publicOf(key)]);
    expect(outcome.signedBy).toEqual([expired.fingerprint, key.fingerprint].sort());
    expect(outcome.warnings).toEqual([]);
  });

  test('is good again when it was renewed, though its self-signature is newer than what it signed', async () => {
    const expired = await living('2026-03-01');
    const ownText = await clearSign(text, expired, { created: signedAt });
    const renewed = await reformatKey({
      privateKey: expired.privateKey,
      userIDs: [{ name: 'Test Archive' }],
      date: date('2026-02-01'),
      keyExpirationTime: days('2025-01-01', '2030-01-01'),
      format: 'object',
    });
    const keys = [await reread(renewed.publicKey)];
    expect(await forLock(ownText, keys)).toEqual({
      signedBy: [expired.fingerprint],
      warnings: [],
    });
  });

  test.each([
    ['2025-12-01', 'refused'],
    ['2026-03-01', 'warned'],
    ['2027-03-01', 'accepted'],
  ])(
    'has several self-signatures: the newest says that it expires on %s: %s',
    async (until, expected) => {
      const expired = await living('2035-01-01');
      const ownText = await clearSign(text, expired, { created: signedAt });
      const { publicKey } = await reformatKey({
        privateKey: expired.privateKey,
        userIDs: [{ name: 'Test Archive', email: 'archive@example.org' }],
        date: date('2026-02-01'),
        keyExpirationTime: days('2025-01-01', until),
        format: 'object',
      });
      const both = await publicOf(expired);
      both.users[0]!.selfCertifications.unshift(...publicKey.users[0]!.selfCertifications);
      const { refused, warnings } = await forLock(ownText, [await reread(both)]);
      const verdict = refused ? 'refused' : warnings.length > 0 ? 'warned' : 'accepted';
      expect(verdict).toBe(expected);
    },
  );
});

describe('a key that was revoked', () => {
  test.each([
    ['none', '2026-03-01'],
    ['compromised', '2026-03-01'],
    ['compromised', '2025-06-01'],
  ] as const)(
    'for the reason "%s" on %s is refused, whatever date it signed under',
    async (reason, on) => {
      const keys = [await revoked(key, reasons[reason], date(on))];
      expect((await whenPinned(signed, keys)).refused).toContain(`revoked on ${on}`);
      const { refused } = await forLock(signed, keys);
      expect(refused).toContain(`revoked on ${on}: somebody else may hold it`);
      expect(refused).toContain('--allow revoked-key');
    },
  );

  test('is let pass for a lock with --allow revoked-key, and told even beside a good key', async () => {
    const keys = [
      await revoked(key, reasons.compromised, date('2026-03-01')),
      await publicOf(other),
    ];
    expect(await forLock(signed, keys, ['revoked-key'])).toMatchObject({
      signedBy: [key.fingerprint],
      warnings: [{ code: 'revoked-key' }],
    });
    const both = await clearSign(text, [key, other], { created: signedAt });
    const codes = (await forLock(both, keys, ['revoked-key'])).warnings.map(({ code }) => code);
    expect(codes).toEqual(['revoked-key']);
  });

  test('vouches for nothing beside a good key, which is enough', async () => {
    const keys = [
      await revoked(key, reasons.compromised, date('2026-03-01')),
      await publicOf(other),
    ];
    const both = await clearSign(text, [key, other], { created: signedAt });
    expect(await forLock(both, keys)).toEqual({ signedBy: [other.fingerprint], warnings: [] });
    expect((await whenPinned(both, keys)).signedBy).toEqual([other.fingerprint]);
  });

  test.each([
    ['superseded', '2026-03-01', 'retired-key'],
    ['retired', '2026-03-01', 'retired-key'],
    ['superseded', '2025-12-01', undefined],
    ['retired', '2025-12-01', undefined],
  ] as const)('as %s on %s counts from that day', async (reason, on, code) => {
    const keys = [await revoked(key, reasons[reason], date(on))];
    expect((await whenPinned(signed, keys)).refused).toContain('revoked');
    const { refused, warnings } = await forLock(signed, keys, ['revoked-key']);
    expect(warnings[0]?.code).toBe(code);
    if (code === undefined) expect(refused).toContain(`revoked on ${on}`);
  });

  test('is not revoked by a revocation that another key made', async () => {
    const forged = await revoked(other, reasons.compromised, date('2025-06-01'));
    const copy = await publicOf(key);
    copy.revocationSignatures.push(...forged.revocationSignatures);
    const victim = await reread(copy);
    expect(victim.revocationSignatures).toHaveLength(1);
    expect((await forLock(signed, [victim])).signedBy).toEqual([key.fingerprint]);
    expect((await whenPinned(signed, [victim])).signedBy).toEqual([key.fingerprint]);
  });

  test('is revoked by what mkbase knows of it, though its file does not say so', async () => {
    const known = async (fingerprint: string) =>
      ({
        name: 'Archive',
        fingerprint,
        expires: null,
        revoked: { date: '2026-03-01T00:00:00Z', reason: 'compromised' },
        replacedBy: fingerprint === key.fingerprint ? 'F'.repeat(40) : null,
      }) as ShippedKey;
    const { refused } = await forLock(signed, [await publicOf(key)], [], known);
    expect(refused).toContain('somebody else may hold it');
    expect(refused).toContain('FFFF (Archive) signs in its place');
  });

  test('is judged the same for a detached signature', async () => {
    const bytes = Buffer.from('an archive');
    const signature = Buffer.from(await signDetached(bytes, key, { created: signedAt }));
    const keys = [await revoked(key, reasons.retired, date('2026-03-01'))];
    const check = { keys, what: 'x.tar', now };
    async function* source() {
      yield bytes;
    }
    await expect(verifyDetached(source(), signature, check)).rejects.toThrow('retired');
    const warnings: Warning[] = [];
    const past = { allow: [], warn: (warning: Warning) => warnings.push(warning) };
    const signedBy = await verifyDetached(source(), signature, { ...check, past });
    expect([signedBy, warnings.length]).toEqual([[key.fingerprint], 1]);
  });
});

/** A key with one subkey, which signs or only decrypts. */
async function withSubkey(sign: boolean, lifetimeSeconds = 0) {
  const { privateKey } = await generateKey({
    userIDs: [{ name: 'Test Archive' }],
    type: 'rsa',
    rsaBits: 2048,
    subkeys: [{ sign }],
    date: date('2025-01-01'),
    keyExpirationTime: lifetimeSeconds,
    format: 'armored',
  });
  const whole = await readPrivateKey({ armoredKey: privateKey });
  const subkey = { privateKey: whole.subkeys[0] as unknown as PrivateKey, publicKey: '' };
  const fingerprint = whole.getFingerprint().toUpperCase();
  return { whole, fingerprint, subkey: { ...subkey, fingerprint } };
}

describe('a subkey', () => {
  let made: Awaited<ReturnType<typeof withSubkey>>;
  let bySubkey: string;
  beforeAll(async () => {
    made = await withSubkey(true);
    bySubkey = await clearSign(text, made.subkey, { created: signedAt });
  });

  const revokedSubkey = async (flag: number, on: string) => {
    const copy = made.whole.toPublic();
    const { keyPacket } = made.whole;
    copy.subkeys = [await copy.subkeys[0]!.revoke(keyPacket as never, { flag } as never, date(on))];
    return [await reread(copy)];
  };

  test('signs in the name of its primary key', async () => {
    const keys = [await reread(made.whole.toPublic())];
    expect((await whenPinned(bySubkey, keys)).signedBy).toEqual([made.fingerprint]);
    expect(await forLock(bySubkey, keys)).toEqual({ signedBy: [made.fingerprint], warnings: [] });
  });

  test('is revoked by itself, and with its primary key', async () => {
    const lost = await revokedSubkey(reasons.compromised, '2026-03-01');
    expect((await whenPinned(bySubkey, lost)).refused).toContain('revoked');
    expect((await forLock(bySubkey, lost)).refused).toContain('somebody else may hold it');
    const retired = await revokedSubkey(reasons.retired, '2026-03-01');
    expect((await forLock(bySubkey, retired)).warnings).toMatchObject([{ code: 'retired-key' }]);
    const before = await revokedSubkey(reasons.retired, '2025-06-01');
    expect((await forLock(bySubkey, before)).refused).toContain('retired');
    const primary = { privateKey: made.whole, publicKey: '', fingerprint: made.fingerprint };
    const whole = [await revoked(primary, reasons.compromised, date('2026-03-01'))];
    expect((await forLock(bySubkey, whole)).refused).toContain('somebody else may hold it');
  });

  test('that was revoked does not take the primary key with it', async () => {
    const primary = { privateKey: made.whole, publicKey: '', fingerprint: made.fingerprint };
    const byPrimary = await clearSign(text, primary, { created: signedAt });
    const keys = await revokedSubkey(reasons.compromised, '2025-06-01');
    expect((await forLock(byPrimary, keys)).signedBy).toEqual([made.fingerprint]);
    expect((await whenPinned(byPrimary, keys)).signedBy).toEqual([made.fingerprint]);
  });

  test('that is only for encryption signs nothing', async () => {
    const { whole, subkey } = await withSubkey(false);
    const ownText = await clearSign(text, subkey, { created: signedAt });
    const keys = [await reread(whole.toPublic())];
    expect((await whenPinned(ownText, keys)).refused).toContain('valid signing key');
    expect((await forLock(ownText, keys)).refused).toContain('valid signing key');
  });

  test('of somebody else cannot be claimed: it has to have signed that it belongs there', async () => {
    const thief = await newKey();
    const { keyPacket } = thief.privateKey;
    const packet = new SignaturePacket();
    packet.signatureType = 0x18;
    packet.publicKeyAlgorithm = keyPacket.algorithm;
    packet.hashAlgorithm = 8;
    packet.keyFlags = new Uint8Array([2]);
    const bound = made.whole.toPublic().subkeys[0]!;
    const data = { key: keyPacket, bind: bound.keyPacket };
    const sign = packet.sign.bind(packet) as unknown as (...args: unknown[]) => Promise<void>;
    await sign(keyPacket, data, date('2025-01-01'), false, config);
    bound.bindingSignatures = [packet];
    const claimed = await publicOf(thief);
    claimed.subkeys = [bound];
    const keys = [await reread(claimed)];
    expect(keys[0]!.subkeys).toHaveLength(1);
    expect((await whenPinned(bySubkey, keys)).refused).toContain('embedded signature');
    expect((await forLock(bySubkey, keys)).refused).toContain('embedded signature');
  });
});

describe('a key that GnuPG made, with a subkey that signs', () => {
  const home = temporaryFolder();
  const gpg = (at: string, ...args: string[]) => {
    const time = `${at.replaceAll('-', '')}T000000!`;
    const options = ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback'];
    const secret = ['--passphrase', '', '--faked-system-time', time];
    return execFileSync('gpg', [...options, ...secret, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  afterAll(() => {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
  });

  test('signs until the revocation that GnuPG made for it is known', async () => {
    gpg('2025-01-01', '--quick-generate-key', 'Archive', 'ed25519', 'cert', '2026-03-01');
    const [name = ''] = readdirSync(join(home, 'openpgp-revocs.d'));
    const fingerprint = name.replace('.rev', '');
    gpg('2025-01-01', '--quick-add-key', fingerprint, 'ed25519', 'sign', '2026-03-01');
    writeFileSync(join(home, 'Release'), text);
    gpg('2026-01-01', '--clearsign', join(home, 'Release'));
    const inRelease = readFileSync(join(home, 'Release.asc'), 'utf8');
    const exported = async () => [await readKey({ binaryKey: gpg('2026-01-01', '--export') })];
    expect((await whenPinned(inRelease, await exported())).refused).toContain(
      'expired on 2026-03-01',
    );
    expect(await forLock(inRelease, await exported())).toMatchObject({
      signedBy: [fingerprint],
      warnings: [{ code: 'expired-key' }],
    });
    const certificate = readFileSync(join(home, 'openpgp-revocs.d', name), 'utf8');
    writeFileSync(join(home, 'revocation'), certificate.replace(/^:(?=-----)/m, ''));
    gpg('2026-02-01', '--import', join(home, 'revocation'));
    const { refused } = await forLock(inRelease, await exported());
    expect(refused).toContain('was revoked on 2025-01-01: somebody else may hold it');
  });
});

describe('a signature for a lock of before', () => {
  test('is refused over a weak hash and by a short key', async () => {
    const rsa = await newKey({ rsa: true });
    const weak = await clearSign(text, rsa, { created: signedAt, hash: 2 });
    expect((await forLock(weak, [await publicOf(rsa)])).refused).toMatch(/[Ii]nsecure|too weak/);
    const { privateKey } = await generateKey({
      userIDs: [{ name: 'Short' }],
      type: 'rsa',
      rsaBits: 1024,
      subkeys: [],
      date: date('2025-01-01'),
      format: 'object',
      config: { minRSABits: 1024 },
    });
    const short = { privateKey, publicKey: privateKey.toPublic().armor(), fingerprint: '' };
    const byShort = await clearSign(text, short, { created: signedAt });
    const keys = [await publicOf(short)];
    expect((await forLock(byShort, keys)).refused).toContain('2047 bits');
    expect((await whenPinned(byShort, keys)).refused).toContain('2047 bits');
  });

  test('counts where the clock is behind it, with a warning, and does not when something is pinned', async () => {
    const future = await clearSign(text, key, { created: date('2026-06-03') });
    const keys = [await publicOf(key)];
    expect(await forLock(future, keys)).toMatchObject({
      signedBy: [key.fingerprint],
      warnings: [{ code: 'clock-behind', message: expect.stringContaining('2026-06-03T') }],
    });
    expect((await whenPinned(future, keys)).refused).toContain('from the future');
  });

  test('is refused when no trusted key made it, or it was changed', async () => {
    expect((await forLock(signed, [await publicOf(other)])).refused).toContain('not among');
    const changed = signed.replace('stable', 'sid');
    expect((await forLock(changed, [await publicOf(key)])).refused).toContain('did not match');
  });
});

describe('what a signature says outside of what is signed', () => {
  /** Subpackets (RFC 9580 section 5.2.3.7): type and content. */
  const seconds = (at: Date) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(at.getTime() / 1000);
    return bytes;
  };
  const forge = async (subpackets: readonly (readonly [type: number, content: Uint8Array])[]) => {
    const bytes = Buffer.from('an archive');
    const armored = await signDetached(bytes, key, { created: date('2026-06-10') });
    const { readSignature } = await import('openpgp');
    const signature = await readSignature({ armoredSignature: armored });
    const [packet] = signature.packets as unknown as SignaturePacket[];
    packet!.unhashedSubpackets.push(
      ...subpackets.map(([type, body]) => ({ type, critical: false, body })),
    );
    const written = Buffer.from(signature.write());
    for (const [type, content] of subpackets) {
      expect(written.includes(Buffer.from([1 + content.length, type, ...content]))).toBe(true);
    }
    return { bytes, signature: written };
  };

  test.each([
    ['another date', [[2, seconds(date('2026-05-01'))]]],
    [
      'a date, and that it never expires',
      [
        [2, seconds(date('2026-05-01'))],
        [3, Buffer.alloc(4)],
      ],
    ],
  ] as const)('does not count: %s', async (_, subpackets) => {
    const { bytes, signature } = await forge(subpackets);
    async function* source() {
      yield bytes;
    }
    const check = { keys: [await publicOf(key)], what: 'x', now };
    await expect(verifyDetached(source(), signature, check)).rejects.toThrow('from the future');
    const told: Warning[] = [];
    const past = { allow: [], warn: (warning: Warning) => told.push(warning) };
    await verifyDetached(source(), signature, { ...check, past });
    expect(told).toMatchObject([
      { code: 'clock-behind', message: expect.stringContaining('2026-06-10T') },
    ]);
  });

  test('can name another key, and then that key has to have made it', async () => {
    const stranger = await publicOf(other);
    const id = Buffer.from(stranger.getKeyID().toHex(), 'hex');
    const { bytes, signature } = await forge([[16, id]]);
    async function* source() {
      yield bytes;
    }
    const keys = [stranger, await publicOf(key)];
    const check = { keys, what: 'x', now: date('2026-07-01') };
    const signedBy = await verifyDetached(source(), signature, check).catch(() => []);
    expect(signedBy).not.toContain(other.fingerprint);
  });
});

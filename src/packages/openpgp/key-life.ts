import type { PublicKey, SignaturePacket, Subkey, VerifyMessageResult } from 'openpgp';
import type { KeyLife, Revocation } from '../keyrings/judge-key.ts';
import type { FindKey } from '../keyrings/shipped.ts';

type KeyId = VerifyMessageResult['signatures'][number]['keyID'];

/** Has openpgp compare no times: all of them are compared in judgeKey. */
export const anyTime = null as unknown as Date;

/** Signature types of revocations of a key and of a subkey (RFC 9580 section 5.2.1). */
const keyRevocation = 0x20;
const subkeyRevocation = 0x28;

/** Codes of reasons under which nobody else holds the key (RFC 9580 section 5.2.3.31). */
const softReasons: ReadonlyMap<number | null, Revocation['reason']> = new Map([
  [1, 'superseded'],
  [3, 'retired'],
]);

/** Returns those revocations that the primary key has signed itself; others prove nothing. */
async function held(
  signatures: readonly SignaturePacket[],
  key: PublicKey,
  subkey?: Subkey,
): Promise<Revocation[]> {
  const type = subkey === undefined ? keyRevocation : subkeyRevocation;
  const data = { key: key.keyPacket, ...(subkey && { bind: subkey.keyPacket }) };
  const revocations: Revocation[] = [];
  for (const signature of signatures) {
    try {
      await signature.verify(key.keyPacket, type, data, anyTime);
    } catch {
      continue;
    }
    const reason = softReasons.get(signature.reasonForRevocationFlag) ?? 'compromised';
    revocations.push({ date: signature.created ?? new Date(0), reason });
  }
  return revocations;
}

/** Returns the revocation that weighs most: a loss before a change of keys, then the earliest. */
function heaviest(revocations: readonly Revocation[]): Revocation | undefined {
  const lost = revocations.filter(({ reason }) => reason === 'compromised');
  const counted = lost.length > 0 ? lost : revocations;
  return [...counted].sort((a, b) => a.date.getTime() - b.date.getTime())[0];
}

/** Returns the time at which a key expires; undefined for never. Throws for a key that is not valid. */
async function expiryOf(key: PublicKey | Subkey, own: Promise<Date | number | null>) {
  const expires = await own;
  if (expires === null)
    throw new Error(`Key ${key.getKeyID().toHex()} has no valid self-signature`);
  return expires instanceof Date ? expires : undefined;
}

const earliest = (dates: readonly (Date | undefined)[]): Date | undefined =>
  dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];

/**
 * Reads between which times a key signs, from the newest of its self-signatures, as GnuPG does: exported
 * keys often have no older ones. A subkey lives no longer than its primary key. What mkbase knows of a
 * key that ships with it counts as well. Throws a plain Error for a key that has no valid self-signature.
 */
export async function keyLife(key: PublicKey, id: KeyId, find: FindKey): Promise<KeyLife> {
  const subkeys = key.getSubkeys(id).slice(0, 1);
  const fingerprint = key.getFingerprint().toUpperCase();
  const known = await find(fingerprint);
  const next = known?.replacedBy ? await find(known.replacedBy) : undefined;
  const revocations = await held(key.revocationSignatures, key);
  const expiries = [await expiryOf(key, key.getExpirationTime())];
  for (const subkey of subkeys) {
    revocations.push(...(await held(subkey.revocationSignatures, key, subkey)));
    expiries.push(await expiryOf(subkey, subkey.getExpirationTime(anyTime)));
  }
  if (known?.revoked) {
    revocations.push({ date: new Date(known.revoked.date), reason: known.revoked.reason });
  }
  return {
    name: known === undefined ? fingerprint : `${fingerprint} (${known.name})`,
    created: (subkeys[0] ?? key).getCreationTime(),
    expires: earliest([...expiries, known?.expires ? new Date(known.expires) : undefined]),
    revoked: heaviest(revocations),
    replacedBy: next && `${next.fingerprint} (${next.name})`,
  };
}

/** Returns copies of keys without their revocations, so that openpgp checks signatures all the same. */
export async function withoutRevocations(keys: readonly PublicKey[]): Promise<PublicKey[]> {
  const { PacketList, readKey } = await import('openpgp');
  const copy = (key: PublicKey): Promise<PublicKey> => {
    const kept = key.toPacketList().filter((packet) => {
      const { signatureType } = packet as Partial<SignaturePacket>;
      return signatureType !== keyRevocation && signatureType !== subkeyRevocation;
    });
    const packets = new PacketList<(typeof kept)[number]>();
    packets.push(...kept);
    return readKey({ binaryKey: packets.write() });
  };
  return Promise.all(keys.map(copy));
}

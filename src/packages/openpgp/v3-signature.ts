import { createPublicKey, createVerify, type KeyObject, type Verify } from 'node:crypto';
import type { KeyID, PublicKey } from 'openpgp';
import { anyTime, withoutRevocations } from './key-life.ts';
import type { SignatureBody } from './signature-packets.ts';
import { type Check, flaw, judged, type Refusal, type Signer } from './signers.ts';

/** Names of the hashes that a signature may have, as node knows them (RFC 9580, section 9.5). */
const hashes: Readonly<Record<number, string>> = { 8: 'sha256', 9: 'sha384', 10: 'sha512' };

/** A signature packet of version 3 (RFC 4880, section 5.2.2): what it says, and its number. */
interface V3Signature {
  readonly created: Date;
  readonly issuer: Buffer;
  readonly hash: number;
  /** The five bytes that are hashed behind what is signed: type and time. */
  readonly trailer: Buffer;
  /** The signature itself, big-endian. */
  readonly value: Buffer;
}

const rsa = new Set([1, 3]);
const binaryDocument = 0;

/** Reads a packet of version 3. Throws RangeError for one that is cut or of another type or algorithm. */
function readV3({ algorithm, body }: SignatureBody): V3Signature {
  if (body.readUInt8(1) !== 5) throw new RangeError('it hashes other than five bytes of its own');
  if (body.readUInt8(2) !== binaryDocument) throw new RangeError('it signs no binary document');
  if (!rsa.has(algorithm)) throw new RangeError(`algorithm ${algorithm} is not RSA`);
  const length = (body.readUInt16BE(19) + 7) >> 3;
  if (body.length !== 21 + length)
    throw new RangeError('its number is longer or shorter than said');
  return {
    created: new Date(body.readUInt32BE(3) * 1000),
    issuer: body.subarray(7, 15),
    hash: body.readUInt8(16),
    trailer: body.subarray(2, 7),
    value: body.subarray(21),
  };
}

/** The key that may have made a signature, for node, with the length of its modulus in bytes. */
interface SigningKey {
  readonly owner: PublicKey;
  readonly id: KeyID;
  readonly key: KeyObject;
  readonly length: number;
}

/** Finds the key that signs by an id. Throws a plain Error for one that may not sign, or is not RSA. */
async function signingKey(
  issuer: Buffer,
  keys: readonly PublicKey[],
): Promise<SigningKey | undefined> {
  const hex = issuer.toString('hex');
  const packets = keys.flatMap((owner) => owner.getKeys().map((packet) => ({ owner, packet })));
  const found = packets.find(({ packet }) => packet.getKeyID().toHex() === hex);
  if (found === undefined) return undefined;
  const id = found.packet.getKeyID();
  const [owner] = await withoutRevocations([found.owner]);
  const { keyPacket } = await owner!.getSigningKey(id, anyTime);
  const { n, e } = keyPacket.publicParams as { n?: Uint8Array; e?: Uint8Array };
  if (n === undefined || e === undefined) throw new Error('its key is not one of RSA');
  const url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  const jwk = { kty: 'RSA', n: url(n), e: url(e) };
  return {
    owner: found.owner,
    id,
    key: createPublicKey({ key: jwk, format: 'jwk' }),
    length: n.length,
  };
}

/** A signature that waits for what it signs. */
interface Pending {
  readonly verify: Verify;
  readonly end: () => Promise<Signer | Refusal>;
}

const named = (issuer: Buffer) => issuer.toString('hex').toUpperCase();

async function begin(packet: SignatureBody, check: Check): Promise<Pending | Refusal> {
  const signature = readV3(packet);
  const { created, issuer, hash, trailer, value } = signature;
  const of = (reason: string): Refusal => ({ reason: `Signature by ${named(issuer)}: ${reason}.` });
  const wrong = flaw({ hash, created, expires: undefined }, check);
  if (wrong !== undefined) return { ...wrong, reason: of(wrong.reason).reason };
  const name = hashes[hash];
  if (name === undefined) return of(`its hash algorithm ${hash} is not known for version 3`);
  const signing = await signingKey(issuer, check.keys);
  if (signing === undefined)
    return { reason: `Key ${named(issuer)} is not among the trusted keys.` };
  const { owner, id, key, length } = signing;
  if (value.length > length) return of('its number is larger than the key');
  const verify = createVerify(name);
  const end = async () => {
    // Leading zeros are left out of the number, and node wants them.
    const whole = Buffer.concat([Buffer.alloc(length - value.length), value]);
    if (!verify.update(trailer).verify(key, whole)) return of('it does not hold');
    return judged(owner, id, created, check);
  };
  return { verify, end };
}

/**
 * Verifies signatures of version 3 over a stream, which openpgp does not read: rpm's tools make them
 * still. Only RSA was ever seen in them. Returns the outcome of each.
 */
export async function verifyV3(
  source: AsyncIterable<Uint8Array>,
  packets: readonly SignatureBody[],
  check: Check,
): Promise<(Signer | Refusal)[]> {
  const outcomes: (Pending | Refusal)[] = [];
  for (const packet of packets) {
    try {
      outcomes.push(await begin(packet, check));
    } catch (error) {
      outcomes.push({ reason: `A signature of version 3: ${(error as Error).message}.` });
    }
  }
  for await (const chunk of source) {
    for (const each of outcomes) if ('verify' in each) each.verify.update(chunk);
  }
  return Promise.all(outcomes.map((each) => ('verify' in each ? each.end() : each)));
}

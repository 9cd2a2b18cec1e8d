import { createPrivateKey } from 'node:crypto';
import {
  CleartextMessage,
  config,
  generateKey,
  LiteralDataPacket,
  PacketList,
  type PrivateKey,
  type PublicKey,
  readKey,
  readPrivateKey,
  Signature,
  SignaturePacket,
  type User,
} from 'openpgp';

/** A key that a test signs with. */
export interface TestKey {
  readonly privateKey: PrivateKey;
  /** Armored. */
  readonly publicKey: string;
  /** Upper-case hexadecimal. */
  readonly fingerprint: string;
}

/** Makes an Ed25519 key, or an RSA one; it was made on `created` and lives for `lifetimeSeconds`, or for ever. */
export async function newKey({
  created = new Date('2025-01-01T00:00:00Z'),
  lifetimeSeconds = 0,
  rsa = false,
} = {}): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name: 'Test Archive', email: 'archive@example.org' }],
    ...(rsa ? { type: 'rsa', rsaBits: 2048 } : { type: 'ecc', curve: 'ed25519Legacy' }),
    subkeys: [],
    date: created,
    keyExpirationTime: lifetimeSeconds,
    format: 'armored',
  });
  const key = await readPrivateKey({ armoredKey: privateKey });
  return { privateKey: key, publicKey, fingerprint: key.getFingerprint().toUpperCase() };
}

/** Returns an RSA key as PEM, for signatures that openpgp does not make. */
export function nodeRsaKey({ privateKey: { keyPacket } }: Pick<TestKey, 'privateKey'>): string {
  type Numbers = Readonly<Record<string, Uint8Array>>;
  const { n, e } = keyPacket.publicParams as Numbers;
  const { d, p, q, u } = (keyPacket as unknown as { privateParams: Numbers }).privateParams;
  const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const url = (bytes: Uint8Array | undefined) => Buffer.from(bytes!).toString('base64url');
  const rest = (prime: Uint8Array | undefined) => {
    const hex = (number(d!) % (number(prime!) - 1n)).toString(16);
    return url(Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'));
  };
  // OpenPGP has the inverse of its first prime, and JWK that of its second.
  const primes = { p: url(q), q: url(p), dp: rest(q), dq: rest(p), qi: url(u) };
  const jwk = { kty: 'RSA', n: url(n), e: url(e), d: url(d), ...primes };
  const key = createPrivateKey({ format: 'jwk', key: jwk });
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** What is wrong with a signature. */
export interface SignatureFaults {
  readonly created?: Date;
  readonly lifetimeSeconds?: number;
  /** Hash algorithm (RFC 9580 section 9.5); SHA-256 when left out. */
  readonly hash?: number;
  /** Signature type (RFC 9580 section 5.2.1); canonical text when left out. */
  readonly type?: number;
}

/** The library's types hide what its own sign() calls. */
interface Literal {
  setText(text: string): void;
  setBytes(bytes: Uint8Array, format: string): void;
}

/** A salt notation would need to know the hash's strength, which MD5 and SHA-1 have none of. */
const signingConfig = { ...config, nonDeterministicSignaturesViaNotation: false };

function literal(fill: (data: Literal) => void): LiteralDataPacket {
  const data = new LiteralDataPacket();
  fill(data as unknown as Literal);
  return data;
}

async function signaturePacket(
  data: LiteralDataPacket,
  { privateKey }: TestKey,
  { created = new Date(), lifetimeSeconds, hash = 8, type = 1 }: SignatureFaults,
): Promise<SignaturePacket> {
  const packet = new SignaturePacket();
  packet.signatureType = type;
  packet.publicKeyAlgorithm = privateKey.keyPacket.algorithm;
  packet.hashAlgorithm = hash;
  if (lifetimeSeconds !== undefined) {
    packet.signatureExpirationTime = lifetimeSeconds;
    packet.signatureNeverExpires = false;
  }
  const sign = packet.sign.bind(packet) as unknown as (...args: unknown[]) => Promise<void>;
  await sign(privateKey.keyPacket, data, created, true, signingConfig);
  return packet;
}

const Cleartext = CleartextMessage as unknown as new (
  text: string,
  signature: Signature,
) => CleartextMessage;

/** Clear-signs a text with one key or several, and with whatever fault is asked for. */
export async function clearSign(
  text: string,
  keys: TestKey | readonly TestKey[],
  faults: SignatureFaults = {},
): Promise<string> {
  const canonical = text.replace(/[ \t]+$/gm, '').replace(/\r?\n/g, '\r\n');
  const packets = new PacketList<SignaturePacket>();
  for (const key of [keys].flat() as TestKey[]) {
    const data = literal((packet) => packet.setText(canonical));
    packets.push(await signaturePacket(data, key, faults));
  }
  const signature = new Signature(packets as never);
  return new Cleartext(text, signature).armor();
}

/** An armored detached signature over bytes. */
export async function signDetached(
  bytes: Uint8Array,
  key: TestKey,
  faults: SignatureFaults = {},
): Promise<string> {
  const data = literal((packet) => packet.setBytes(bytes, 'b'));
  const packets = new PacketList<SignaturePacket>();
  packets.push(await signaturePacket(data, key, { type: 0, ...faults }));
  return new Signature(packets as never).armor();
}

/** Types of certifications of a user id (RFC 9580 section 5.2.1): by anybody, and by the key itself. */
const certification = { generic: 0x10, positive: 0x13 } as const;

async function sha1Certification(
  of: PublicKey,
  user: User,
  { keyPacket }: PrivateKey,
  type: number,
): Promise<SignaturePacket> {
  const [own] = user.selfCertifications;
  const packet = new SignaturePacket();
  packet.signatureType = type;
  packet.publicKeyAlgorithm = keyPacket.algorithm;
  packet.hashAlgorithm = 2;
  packet.keyFlags = own?.keyFlags ?? null;
  const sign = packet.sign.bind(packet) as unknown as (...args: unknown[]) => Promise<void>;
  const data = { userID: user.userID, key: of.keyPacket };
  await sign(keyPacket, data, own?.created, false, signingConfig);
  return packet;
}

/** Returns an RSA key that has signed itself with SHA-1 only. */
export async function weakCopy({ publicKey, privateKey }: TestKey): Promise<PublicKey> {
  const copy = await readKey({ armoredKey: publicKey });
  for (const user of copy.users) {
    user.selfCertifications = [
      await sha1Certification(copy, user, privateKey, certification.positive),
    ];
  }
  return copy;
}

/** Has an RSA key certify the first user id of another key, over a SHA-1. */
export async function certifyWithSha1(of: PublicKey, { privateKey }: TestKey): Promise<void> {
  const [user] = of.users;
  const made = await sha1Certification(of, user!, privateKey, certification.generic);
  user!.otherCertifications.push(made);
}

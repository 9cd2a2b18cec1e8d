/** Numbers of algorithms whose signatures are verified (RFC 9580, section 9.1). */
const verified = new Set([1, 3, 19, 22, 27, 28]);

/** Names of those that are refused, for people (RFC 9580, section 9.1; draft-ietf-openpgp-pqc, 4.2). */
const algorithmNames: Readonly<Record<number, string>> = {
  2: 'RSA for encryption only',
  16: 'Elgamal',
  17: 'DSA',
  18: 'ECDH',
  30: 'ML-DSA-65 with Ed25519',
  31: 'ML-DSA-87 with Ed448',
  32: 'SLH-DSA-SHAKE-128s',
  33: 'SLH-DSA-SHAKE-128f',
  34: 'SLH-DSA-SHAKE-256s',
};

const signatureTag = 2;

/** A signature packet: its version, its algorithm, and its bytes without the packet's own header. */
export interface SignatureBody {
  readonly version: number;
  readonly algorithm: number;
  readonly body: Buffer;
}

interface PacketHeader {
  readonly tag: number;
  /** Offset of the body. */
  readonly start: number;
  readonly length: number;
}

/** Reads a packet's header, of the old form or the new one (RFC 9580, section 4.2). Throws RangeError. */
function packetHeader(bytes: Buffer, at: number): PacketHeader {
  const first = bytes.readUInt8(at);
  if ((first & 0x80) === 0) throw new RangeError(`byte ${at} starts no packet`);
  if ((first & 0x40) === 0) {
    const size = [1, 2, 4][first & 3];
    if (size === undefined) throw new RangeError('a packet does not state its length');
    return {
      tag: (first >> 2) & 15,
      start: at + 1 + size,
      length: bytes.readUIntBE(at + 1, size),
    };
  }
  const tag = first & 63;
  const length = bytes.readUInt8(at + 1);
  if (length < 192) return { tag, start: at + 2, length };
  if (length < 224) {
    return { tag, start: at + 3, length: ((length - 192) << 8) + bytes.readUInt8(at + 2) + 192 };
  }
  if (length < 255) throw new RangeError('a packet comes in parts');
  return { tag, start: at + 6, length: bytes.readUInt32BE(at + 2) };
}

/**
 * Splits a binary detached signature into its packets, all of which must be signatures. Throws RangeError
 * for anything else.
 */
export function signatureBodies(signature: Uint8Array): SignatureBody[] {
  const bytes = Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength);
  const bodies: SignatureBody[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { tag, start, length } = packetHeader(bytes, at);
    const end = start + length;
    if (tag !== signatureTag) throw new RangeError(`a packet of type ${tag} is no signature`);
    if (end > bytes.length) throw new RangeError('a packet is cut short');
    const body = bytes.subarray(start, end);
    const version = body.readUInt8(0);
    bodies.push({ version, algorithm: body.readUInt8(version === 3 ? 15 : 2), body });
    at = end;
  }
  return bodies;
}

/** Says why signatures of such a form are not verified; undefined where they are. */
export function unverifiable({ version, algorithm }: SignatureBody): string | undefined {
  if (![3, 4, 6].includes(version)) return `Signatures of version ${version} are not known.`;
  if (verified.has(algorithm)) return undefined;
  const name = algorithmNames[algorithm] ?? 'an algorithm without a name here';
  return `It is signed with ${name} (algorithm ${algorithm}), which is not verified.`;
}

import { createHash, type Hash } from 'node:crypto';
import type { Header } from '../package/header.ts';
import { tags } from '../package/tags.ts';

/** Hashes by OpenPGP's number, as rpm states them (RFC 9580, section 9.5). */
export const hashNames: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
  12: 'sha3-256',
  14: 'sha3-512',
};

const strong = new Set([8, 9, 10, 12, 14]);

/** A digest of the payload that a header states, and the hash that is filled with it. */
interface PayloadDigest {
  readonly name: string;
  readonly stated: string;
  readonly hash: Hash;
}

/** Fills the digests of the payload that a header states; `problem` says which differs from it. */
export interface PayloadDigests {
  readonly count: number;
  update(chunk: Uint8Array): void;
  problem(): string | undefined;
}

/** Reads the digests of the compressed payload in a header. Throws SyntaxError for a hash that is broken or not known. */
export function payloadDigests(header: Header): PayloadDigests {
  const digests: PayloadDigest[] = [];
  const add = (stated: string | undefined, algorithm: number) => {
    if (stated === undefined) return;
    const name = strong.has(algorithm) ? hashNames[algorithm] : undefined;
    if (name === undefined) throw new SyntaxError(`its payload has a digest of hash ${algorithm}`);
    digests.push({ name, stated, hash: createHash(name) });
  };
  add(header.texts(tags.payloadDigests)[0], header.numbers(tags.payloadDigestAlgorithm)[0] ?? 8);
  add(header.text(tags.payloadSha512), 10);
  return {
    count: digests.length,
    update: (chunk) => {
      for (const { hash } of digests) hash.update(chunk);
    },
    problem: () => {
      for (const { name, stated, hash } of digests) {
        const found = hash.digest('hex');
        if (found !== stated) return `the ${name} of its payload is ${found}, not ${stated}`;
      }
      return undefined;
    },
  };
}

import { lastSecond } from '../../../base/last-second.ts';

/** A digest that metadata state, of a hash that is not broken. */
export interface Checksum {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  /** Hexadecimal. */
  readonly digest: string;
}

const lengths = { sha256: 64, sha384: 96, sha512: 128 } as const;

/** Reads a digest by the name of its hash. Throws SyntaxError for a broken hash, and one that is not known. */
export function checksum(type: string | undefined, digest: string): Checksum {
  if (type !== 'sha256' && type !== 'sha384' && type !== 'sha512') {
    throw new SyntaxError(
      `a digest is of ${type ?? 'no hash'}; sha256, sha384 and sha512 are read`,
    );
  }
  if (digest.length !== lengths[type] || !/^[0-9a-f]+$/.test(digest)) {
    throw new SyntaxError(`${JSON.stringify(digest)} is no ${type}`);
  }
  return { algorithm: type, digest };
}

/** Reads a time in seconds since 1970, at most the last of the year 9999. Throws SyntaxError. */
export function time(text: string | undefined, what: string): number {
  const seconds = count(text, what);
  if (seconds <= lastSecond) return seconds;
  throw new SyntaxError(`the ${what} is ${seconds}, after the year 9999`);
}

/** Reads a whole number that is not negative. Throws SyntaxError. */
export function count(text: string | undefined, what: string): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new SyntaxError(`the ${what} is ${JSON.stringify(text)}, which is no number`);
  }
  return Number(text);
}

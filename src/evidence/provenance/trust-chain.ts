import { sha256OfBytes } from '../../base/hash.ts';
import { type InputSet, inputSets } from '../../lock/inputs.ts';
import type { LockProof } from '../../lock/prove.ts';
import type { Lock } from '../../lock/schema.ts';
import type { LockedInput, SignedIndex } from '../../packages/contract.ts';
import { type Ground, isProven, type SignedFile } from '../../packages/proof.ts';
import type { FileSum } from '../sums.ts';

/** A signed index or a detached signature, and the inputs that are believed because of it. */
export interface TrustLink {
  /** Name of the file beside trust.json that holds its bytes. */
  readonly file: string;
  readonly sha256: string;
  /** URL from which it was fetched. */
  readonly url: string;
  /**
   * Fingerprints of OpenPGP keys; file names of apk's keys, by which its signatures name them. Empty
   * where no signature was seen to hold.
   */
  readonly signedBy: readonly string[];
  /** Names of the inputs that were seen to hang on it, sorted. */
  readonly vouchesFor: readonly string[];
  /** Set where no signature was seen, and a key that vouches for the lock stands in for it. */
  readonly by?: 'lock-key';
}

/** An input from outside that no signature vouches for. */
export interface Unsigned {
  readonly name: string;
  readonly sha256: string;
  /**
   * The reason why it was taken: its digest is in the recipe, `--allow unsigned-archive`, or a lock whose
   * signatures could not be followed.
   */
  readonly by: 'recipe' | 'unsigned-archive' | 'foreign-lock';
}

/** A file with public keys that the recipe, or its toolchain, brings. */
export interface RecipeKey {
  readonly of: 'image' | 'builder';
  /** As the recipe names it. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** The contents of trust.json: the keys from which the trust in each input comes. */
export interface TrustDocument {
  readonly trustVersion: 2;
  readonly links: readonly TrustLink[];
  readonly unsigned: readonly Unsigned[];
  /** The recipe's own keys, by the name of the copy beside trust.json. */
  readonly keys: readonly (Omit<RecipeKey, 'bytes'> & { readonly file: string })[];
  /** The key whose signature over the lock stands in for others; the copy of the signature is `file`. */
  readonly lockKey?: {
    /** Base64 of the sha256 of its SubjectPublicKeyInfo. */
    readonly key: string;
    readonly file: typeof lockSignature;
    readonly sha256: string;
  };
}

/** Name of the copy of a signature over the lock. */
export const lockSignature = 'lock.sigstore.json';

/** The brand of a chain that was seen: no code outside of this file can name it. */
declare const seen: unique symbol;

/** A chain of trust that follows from proofs. A document that was read says the same and is a claim. */
export interface TrustChain extends TrustDocument {
  readonly [seen]: true;
}

/** Replaces all characters that a file system, a shell or SHA256SUMS could misread. */
const plain = (text: string): string => text.replace(/[^A-Za-z0-9._+-]+/g, '-');

/**
 * Names a file so that two of one name differ, also where a file system does not tell upper from lower case: a
 * toolchain's index may be of another day than the packages'. `taken` are names in lower case.
 */
const distinct = (name: string, sha256: string, taken: ReadonlySet<string>): string =>
  taken.has(name.toLowerCase()) ? `${sha256.slice(0, 8)}-${name}` : name;

/** Returns the signed indexes and signatures of a lock, each once, by their file names beside trust.json. */
export function signedFiles(lock: Lock): Map<string, SignedIndex> {
  const files = new Map<string, SignedIndex>();
  const hashes = new Set<string>();
  const taken = new Set<string>();
  for (const index of inputSets(lock).flatMap((set) => set.indexes)) {
    if (hashes.has(index.sha256)) continue;
    hashes.add(index.sha256);
    const name = distinct(plain(index.file), index.sha256, taken);
    taken.add(name.toLowerCase());
    files.set(name, index);
  }
  return files;
}

/** Returns the signed files beside trust.json: copies of what was fetched, so that gpgv can check them. */
export const trustFiles = (lock: Lock): FileSum[] =>
  [...signedFiles(lock)].map(([name, { sha256 }]) => ({ name, sha256 }));

/** Returns the names of the inputs that hang on a signed index or a signature, sorted. */
function vouchedBy({ sha256, signs }: SignedIndex, inputs: readonly LockedInput[]): string[] {
  const names = inputs.flatMap(({ name, trust }) =>
    (trust.by === 'index' && trust.sha256 === sha256) || name === signs ? [name] : [],
  );
  return [...new Set(names)].sort();
}

/** Says of each signed file and each input what is believed of it: by proofs, or by a document that claims. */
interface Beliefs {
  signed(index: SignedIndex): Pick<SignedFile, 'signedBy' | 'by'> | undefined;
  /** Undefined for an input that nothing speaks for. */
  ground(input: LockedInput): Ground | undefined;
}

function linksOf(lock: Lock, sets: readonly InputSet[], beliefs: Beliefs): TrustLink[] {
  const inputs = sets
    .flatMap((set) => set.inputs)
    .filter((input) => beliefs.ground(input) !== undefined);
  return [...signedFiles(lock)].map(([file, index]) => {
    const { sha256, url } = index;
    const { signedBy = [], by } = beliefs.signed(index) ?? {};
    const vouchesFor = by === undefined ? [] : vouchedBy(index, inputs);
    return { file, sha256, url, signedBy, vouchesFor, ...(by === 'lock-key' && { by }) };
  });
}

const unsignedOf = (sets: readonly InputSet[], beliefs: Beliefs): Unsigned[] =>
  sets
    .flatMap((set) => set.inputs)
    .flatMap((input) => {
      const { name, sha256 } = input;
      const by = beliefs.ground(input) ?? 'foreign-lock';
      const isUnsigned = by === 'recipe' || by === 'unsigned-archive' || by === 'foreign-lock';
      return isUnsigned ? [{ name, sha256, by }] : [];
    });

function documentOf(lock: Lock, beliefs: Beliefs, keys: TrustDocument['keys']): TrustDocument {
  const sets = inputSets(lock);
  const [links, unsigned] = [linksOf(lock, sets, beliefs), unsignedOf(sets, beliefs)];
  return { trustVersion: 2, links, unsigned, keys };
}

/**
 * Returns the reasons why a lock's inputs are believed, from keys down, as far as they were seen: the
 * same lock and proof give the same chain.
 */
export function trustChain(
  lock: Lock,
  proof: LockProof,
  keys: readonly RecipeKey[] = [],
): TrustChain {
  const signed = new Map(proof.signed.map((file) => [file.sha256, file]));
  const proven = new Map(proof.inputs.filter(isProven).map((input) => [input.sha256, input]));
  const beliefs: Beliefs = {
    signed: ({ sha256 }) => signed.get(sha256),
    ground: ({ sha256 }) => proven.get(sha256)?.ground,
  };
  const named = keys.map(({ of, path, sha256 }) => ({
    ...{ of, path, sha256 },
    file: keyFile(path, sha256),
  }));
  const { vouched } = proof;
  const lockKey = vouched && {
    lockKey: { key: vouched.key, file: lockSignature, sha256: sha256OfBytes(vouched.text) },
  };
  return { ...documentOf(lock, beliefs, named), ...lockKey } as TrustChain;
}

/**
 * Returns the document that a build with this lock would have written, had it seen what a document claims
 * that it saw: it is the same one, unless the document contradicts the lock or itself.
 */
export function consistentDocument(lock: Lock, claimed: TrustDocument): TrustDocument {
  const links = new Map(claimed.links.map((link) => [link.sha256, link]));
  const isDoubted = ({ name, sha256 }: LockedInput) =>
    claimed.unsigned.some(
      (each) => each.by === 'foreign-lock' && each.sha256 === sha256 && each.name === name,
    );
  const beliefs: Beliefs = {
    signed: ({ sha256, signedBy }) => {
      const { signedBy: seen = [], by = 'signature' } = links.get(sha256) ?? {};
      return seen.length === 0 ? undefined : { signedBy, by };
    },
    ground: (input) => (isDoubted(input) ? undefined : input.trust.by),
  };
  const keys = claimed.keys.map((key) => ({ ...key, file: keyFile(key.path, key.sha256) }));
  const { lockKey } = claimed;
  return { ...documentOf(lock, beliefs, keys), ...(lockKey && { lockKey }) };
}

/** Names the copy of a key file beside trust.json. */
export const keyFile = (path: string, sha256: string): string =>
  `key-${sha256.slice(0, 8)}-${plain(path.slice(path.lastIndexOf('/') + 1))}`;

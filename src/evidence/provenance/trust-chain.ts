import { type InputSet, inputSets } from '../../lock/inputs.ts';
import type { Lock } from '../../lock/schema.ts';
import type { LockedInput, SignedIndex } from '../../packages/contract.ts';
import type { FileSum } from '../sums.ts';

/** A signed index or a detached signature, and the inputs that are believed because of it. */
export interface TrustLink {
  /** Name of the file beside trust.json that holds its bytes. */
  readonly file: string;
  readonly sha256: string;
  /** URL from which it was fetched. */
  readonly url: string;
  /** Fingerprints of OpenPGP keys; file names of apk's keys, by which its signatures name them. */
  readonly signedBy: readonly string[];
  /** Names of the inputs that it vouches for, sorted. */
  readonly vouchesFor: readonly string[];
}

/** An input from outside that no signature vouches for. */
export interface Unsigned {
  readonly name: string;
  readonly sha256: string;
  /** The reason why it was taken: its digest is in the recipe, or `--allow unsigned-archive`. */
  readonly by: 'recipe' | 'unsigned-archive';
}

/** The contents of trust.json: the keys from which the trust in each input comes. */
export interface TrustChain {
  readonly trustVersion: 1;
  readonly links: readonly TrustLink[];
  readonly unsigned: readonly Unsigned[];
}

/** Replaces all characters that a file system, a shell or SHA256SUMS could misread. */
const plain = (text: string): string => text.replace(/[^A-Za-z0-9._+-]+/g, '-');

/**
 * Names a file so that two of one name differ: a toolchain's index may be of another day than the
 * packages'.
 */
const distinct = (name: string, sha256: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? `${sha256.slice(0, 8)}-${name}` : name;

/** Returns the names of the inputs that hang on a signed index or a signature, sorted. */
function vouchedBy({ sha256, signs }: SignedIndex, inputs: readonly LockedInput[]): string[] {
  if (signs !== undefined) return [signs];
  const names = inputs.flatMap(({ name, trust }) =>
    trust.by === 'index' && trust.sha256 === sha256 ? [name] : [],
  );
  return [...new Set(names)].sort();
}

function linksOf(sets: readonly InputSet[]): TrustLink[] {
  const inputs = sets.flatMap((set) => set.inputs);
  const links = new Map<string, TrustLink>();
  const names = new Set<string>();
  for (const index of sets.flatMap((set) => set.indexes)) {
    const { sha256, url, signedBy } = index;
    if (links.has(sha256)) continue;
    const file = distinct(plain(index.file), sha256, names);
    names.add(file);
    links.set(sha256, { file, sha256, url, signedBy, vouchesFor: vouchedBy(index, inputs) });
  }
  return [...links.values()];
}

const unsignedOf = (sets: readonly InputSet[]): Unsigned[] =>
  sets
    .flatMap((set) => set.inputs)
    .flatMap(({ name, sha256, trust: { by } }) =>
      by === 'recipe' || by === 'unsigned-archive' ? [{ name, sha256, by }] : [],
    );

/**
 * Returns the reasons why a lock's inputs are believed, from keys down; the same lock gives the same
 * chain.
 */
export function trustChain(lock: Lock): TrustChain {
  const sets = inputSets(lock);
  return { trustVersion: 1, links: linksOf(sets), unsigned: unsignedOf(sets) };
}

/** Returns the files beside trust.json: copies of what was fetched, so that gpgv can check them. */
export const trustFiles = ({ links }: TrustChain): FileSum[] =>
  links.map(({ file, sha256 }) => ({ name: file, sha256 }));

import type { Change } from './changes.ts';

/** A group of changes that `verify` does not find yet, and the reason. */
export interface KnownMiss {
  readonly where: string;
  /** Matches the field, in the words of a report. */
  readonly field: RegExp;
  readonly reason: string;
}

/** Changes that are missed and may be, until they are found: an empty list is what has to become of it. */
export const knownMisses: readonly KnownMiss[] = [
  {
    where: 'lock.json',
    field: /^asked\.|indexes\[\d+\]\.(?:components|mirror)/,
    reason:
      'verify does not compare a lock with a recipe, nor with the signed indexes that it names',
  },
  {
    where: 'said everywhere alike',
    field: /^/,
    reason: 'evidence is compared with evidence, so that what all of it says alike is believed',
  },
  {
    where: 'layer and its hashes',
    field: /^/,
    reason: 'only the locked packages, or a rebuild, tell the bytes that belong into a file',
  },
  {
    where: 'image.oci.tar: config',
    field: /^history\[0\]\.comment$/,
    reason: "the digest of the lock in an image's history is taken from that history",
  },
];

const covers = ({ where, field }: KnownMiss, change: Change): boolean =>
  where === change.where && field.test(change.field);

/** Returns the reason why a change may be missed; undefined for one that may not. */
export const knownMiss = (change: Change): string | undefined =>
  knownMisses.find((each) => covers(each, change))?.reason;

/** Returns the known misses of which no change is one. */
export const missedNoMore = (missed: readonly Change[]): KnownMiss[] =>
  knownMisses.filter((each) => !missed.some((change) => covers(each, change)));

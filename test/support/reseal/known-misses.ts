import { notCovered } from './change-lines.ts';
import type { Change } from './changes.ts';

/** A group of changes that `verify` cannot find, and the reason; docs/threat-model.md repeats it. */
export interface KnownMiss {
  readonly where: string;
  readonly field: string;
  readonly reason: string;
}

/** Changes that are missed and may be. */
export const knownMisses: readonly KnownMiss[] = [
  {
    where: 'trust/*.InRelease',
    field: notCovered,
    reason:
      'a clear-signed text has parts that its signature does not cover: blanks at the ends of lines, headers of the armour, unhashed parts of the signature. The text that is read is the signed one all the same',
  },
];

const covers = ({ where, field }: KnownMiss, change: Change): boolean =>
  where === change.where && field === change.field;

/** Returns the reason why a change may be missed; undefined for one that may not. */
export const knownMiss = (change: Change): string | undefined =>
  knownMisses.find((each) => covers(each, change))?.reason;

/** Returns the known misses of which no change is one. */
export const missedNoMore = (missed: readonly Change[]): KnownMiss[] =>
  knownMisses.filter((each) => !missed.some((change) => covers(each, change)));

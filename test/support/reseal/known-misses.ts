import type { Change } from './changes.ts';

/** A group of changes that `verify` does not find yet, and the reason. */
interface KnownMiss {
  readonly where: string;
  /** Matches the field, in the words of a report. */
  readonly field: RegExp;
  readonly reason: string;
}

/** Changes that are missed and may be, until they are found: an empty list is what has to become of it. */
export const knownMisses: readonly KnownMiss[] = [];

/** Returns the reason why a change may be missed; undefined for one that may not. */
export const knownMiss = ({ where, field }: Change): string | undefined =>
  knownMisses.find((each) => each.where === where && each.field.test(field))?.reason;

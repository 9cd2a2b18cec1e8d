import { changeEverywhere, changeJson } from './change-json.ts';
import { changeContent, changeEntry } from './change-layer.ts';
import { changeInRelease, changeMtree } from './change-lines.ts';
import { changeMembers } from './change-members.ts';
import type { Output } from './output.ts';
import { pick, type Random } from './random.ts';

/** One change of an output, before its sums are made consistent. */
export interface Change {
  readonly output: Output;
  /** The files that were changed; all of them are named when one is. */
  readonly files: readonly string[];
  /** The group that it is counted in, for instance `image.oci.tar: config`. */
  readonly where: string;
  /** The part that was changed, in the words of a report; '' is the whole. */
  readonly field: string;
  /** The kind of change, for instance `value changed`. */
  readonly how: string;
}

/** Makes a change; undefined where there is nothing to be changed in that way. */
export type ChangeKind = (output: Output, random: Random) => Promise<Change | undefined>;

/** Kinds of change; those that there are most of stand there more than once. */
const kinds: readonly ChangeKind[] = [
  ...Array.from({ length: 9 }, () => changeJson),
  changeEverywhere,
  changeEverywhere,
  changeMtree,
  changeInRelease,
  changeEntry,
  changeContent,
  changeMembers,
  changeMembers,
];

/** Makes one change of an output, chosen by `random`; undefined where the choice cannot be made. */
export const change: ChangeKind = (output, random) => pick(kinds, random)(output, random);

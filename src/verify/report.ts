/** A claim that differs from the value that was computed. */
export interface Mismatch {
  /** The file that claims, for instance `rootfs.mtree` or `image.oci.tar`. */
  readonly file: string;
  /** The part of it, for instance `./bin/sh mode`, `packages[3].versionInfo` or `line 7`; '' is the whole. */
  readonly field: string;
  readonly claimed: string;
  readonly computed: string;
  /** The file that the computed value comes from, where it is another one. */
  readonly from?: string;
}

/** A thing that `--require` can ask for, and that a check gives when it holds. */
export type Proof = 'image' | 'signature' | 'rebuild';

/** A comparison of one thing with another. */
export interface Check {
  /** For instance `rootfs.mtree against the rootfs in image.oci.tar`. */
  readonly what: string;
  /** Amount that was compared, for instance `1,204 paths`. */
  readonly extent?: string;
  /** Every mismatch; empty when the check holds. */
  readonly mismatches: readonly Mismatch[];
  /** Reason why the check was not made, and what would make it; it then says nothing about the image. */
  readonly skipped?: string;
  /** Reason why nothing can be compared, so that only the builder's word is there. */
  readonly claimed?: string;
  /** True for a claim that a rebuild bears out if it gives the same. */
  readonly toldByRebuild?: true;
  readonly proves?: Proof;
}

/** The end of a check. */
export type Outcome = 'holds' | 'mismatch' | 'claimed' | 'not checked';

/** Returns how a check ended; a mismatch counts before all else. */
export function outcomeOf({ mismatches, skipped, claimed }: Check): Outcome {
  if (mismatches.length > 0) return 'mismatch';
  if (skipped !== undefined) return 'not checked';
  return claimed === undefined ? 'holds' : 'claimed';
}

/** The result of a verification: it holds when no check has a mismatch. */
export interface Report {
  /** The image or folder, as the person named it. */
  readonly subject: string;
  readonly checks: readonly Check[];
}

/** Returns the checks that ended in one way. */
export const checksThat = ({ checks }: Report, outcome: Outcome): Check[] =>
  checks.filter((check) => outcomeOf(check) === outcome);

/** Returns every mismatch of a report, in the order of its checks. */
export const mismatchesOf = ({ checks }: Report): Mismatch[] =>
  checks.flatMap(({ mismatches }) => mismatches);

/** Returns `1 path`, `2 paths`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Returns a value as a person reads it. */
export const brief = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);

/** Something that is claimed in one place and was computed to be otherwise. */
export interface Mismatch {
  /** What claims, for instance `rootfs.mtree` or `image.oci.tar`. */
  readonly file: string;
  /** What of it, for instance `./bin/sh mode`, `packages[3].versionInfo` or `line 7`; '' is the whole. */
  readonly field: string;
  readonly claimed: string;
  readonly computed: string;
  /** What the computed value comes from, where that is another file. */
  readonly from?: string;
}

/** One thing that was held against another. */
export interface Check {
  /** For instance `rootfs.mtree against the rootfs in image.oci.tar`. */
  readonly what: string;
  /** How much was looked at, for instance `1,204 paths`. */
  readonly extent?: string;
  /** All of them; empty when it held. */
  readonly mismatches: readonly Mismatch[];
  /** Why it could not be made; it then says nothing. */
  readonly skipped?: string;
}

/** What came of a verification: it holds when no check has a mismatch. */
export interface Report {
  /** What was verified, as it was named. */
  readonly subject: string;
  readonly checks: readonly Check[];
}

/** Every mismatch of a report, in the order of its checks. */
export const mismatchesOf = ({ checks }: Report): Mismatch[] =>
  checks.flatMap(({ mismatches }) => mismatches);

/** `1 path`, `2 paths`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

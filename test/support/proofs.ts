/** How often each long proof is made: as a sample by `npm test`, in full by `npm run soak`. */
const times = {
  /** Builds of each recipe on each engine; slow ones half as often, and a sample of most on two engines. */
  repro: { sample: 1, full: 10 },
  /** Changes of a byte or a field that `verify` has to find. */
  seededChanges: { sample: 200, full: 1000 },
  /** Changes after which all sums are made consistent again, and that `verify` has to find. */
  resealedChanges: { sample: 120, full: 2000 },
  /** Seconds in which fuzzers, one for each reader, find nothing. */
  fuzzingSeconds: { sample: 120, full: 3600 },
  /** Kills of a process that writes into the store. */
  storeKills: { sample: 20, full: 500 },
  /** Kills of a process that stores results of steps. */
  nodeKills: { sample: 4, full: 100 },
  /** Pairs of processes that make the same results at once. */
  nodePairs: { sample: 2, full: 50 },
  /** Kills of a build on each engine. */
  buildKills: { sample: 7, full: 100 },
  /** Bytes of each real package of rpm in which a bit is flipped: all, in full. */
  flippedBits: { sample: 6, full: 1_000_000 },
  /** Programs of other people's that are built from their sources, the quick ones first. */
  fieldPrograms: { sample: 3, full: 10 },
  /** Programs that are installed from Debian's packages, with scripts that have much to do. */
  installedPrograms: { sample: 0, full: 3 },
  /** Generated programs, each built twice. */
  programs: { sample: 2, full: 100 },
} as const;

/** Returns how often a proof is made, as MKBASE_PROOFS says: `sample`, the default, or `full`. */
export function timesOf(proof: keyof typeof times): number {
  const extent = process.env.MKBASE_PROOFS ?? 'sample';
  if (extent !== 'sample' && extent !== 'full') {
    throw new Error(`MKBASE_PROOFS is "${extent}": expected "sample" or "full"`);
  }
  return times[proof][extent];
}

/** Returns how often a proof is made in full. */
export const fullTimesOf = (proof: keyof typeof times): number => times[proof].full;

import { type DownloadLimits, defaultLimits } from '../store/transfer/transfer.ts';

/** Limits on the cost of a registry's misbehaviour. Times in milliseconds, sizes in bytes. */
export interface RegistryLimits extends DownloadLimits {
  /** Most bytes of a manifest or index: registries refuse larger ones, too. */
  readonly manifest: number;
  /** Most bytes of an answer that is read for its words: an error, a token. */
  readonly answer: number;
  /** Longest pause that a server can ask for with Retry-After. */
  readonly longestPause: number;
  /** Longest wait for the answer once everything was sent: the registry hashes and stores it first. */
  readonly settling: number;
  /** Most pages of a list of referrers. */
  readonly pages: number;
  /** Most attempts to write an index that others write, too. */
  readonly rounds: number;
}

const MiB = 1024 ** 2;

export const registryLimits: RegistryLimits = {
  ...defaultLimits,
  concurrency: 4,
  manifest: 4 * MiB,
  answer: MiB,
  longestPause: 60_000,
  settling: 300_000,
  pages: 20,
  rounds: 5,
};

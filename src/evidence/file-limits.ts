import { evidenceNames } from './file-names.ts';

const MiB = 1024 ** 2;

/** Most bytes of each file of evidence: several times what the largest image has. */
const limits: Readonly<Record<string, number>> = {
  [evidenceNames.lock]: 64 * MiB,
  [evidenceNames.mtree]: 400 * MiB,
  [evidenceNames.spdx]: 256 * MiB,
  [evidenceNames.cyclonedx]: 256 * MiB,
  [evidenceNames.provenance]: 64 * MiB,
  [evidenceNames.sums]: MiB,
};

/**
 * Returns how many bytes a file of evidence may have; `name` is its path in the folder. A signature's bundle
 * holds the file in base64, so it is a third larger; signed indexes and statements are small.
 */
export function mostBytesOf(name: string): number {
  if (name.endsWith('.sigstore.json')) return 384 * MiB;
  return limits[name] ?? 64 * MiB;
}

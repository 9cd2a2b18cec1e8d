import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceNames } from '../evidence/evidence.ts';
import { trustChain, trustFiles } from '../evidence/provenance/trust-chain.ts';
import type { FileSum } from '../evidence/sums.ts';
import type { Lock } from '../lock/schema.ts';
import { hashFile } from './parts.ts';

const { lock: lockFile, mtree, spdx, cyclonedx, provenance, trust, sums } = evidenceNames;

/** The files that every build writes, as SHA256SUMS lists them. */
export const listedFiles = [lockFile, mtree, spdx, cyclonedx, `${trust}/trust.json`, provenance];

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Whether a folder holds evidence, or what is left of it. */
export async function holdsEvidence(folder: string): Promise<boolean> {
  const found = await Promise.all([...listedFiles, sums].map((name) => exists(join(folder, name))));
  return found.filter(Boolean).length > 1;
}

/** Everything but the provenance itself, in the order in which a provenance lists it, hashed. */
export async function hashEvidence(
  folder: string,
  lock: Lock | undefined,
  signal: AbortSignal,
): Promise<FileSum[]> {
  const signed = lock ? trustFiles(trustChain(lock)).map(({ name }) => `${trust}/${name}`) : [];
  const names = [lockFile, mtree, spdx, cyclonedx, `${trust}/trust.json`, ...signed];
  const found: FileSum[] = [];
  for (const name of names) {
    const sha256 = await hashFile(join(folder, name), signal);
    if (sha256 !== undefined) found.push({ name, sha256 });
  }
  return found;
}

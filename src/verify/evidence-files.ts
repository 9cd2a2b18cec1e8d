import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceNames } from '../evidence/file-names.ts';
import { trustFiles } from '../evidence/provenance/trust-chain.ts';
import { type FileSum, parseSums } from '../evidence/sums.ts';
import type { Lock } from '../lock/schema.ts';
import { hashFile } from './image/archive-files.ts';
import { type Check, counted, type Mismatch } from './report.ts';

const { lock: lockFile, mtree, spdx, cyclonedx, provenance, trust, sums: sumsFile } = evidenceNames;

/** The files that every build writes and that SHA256SUMS lists. */
export const listedFiles = [lockFile, mtree, spdx, cyclonedx, `${trust}/trust.json`, provenance];

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Returns whether a folder holds evidence: at least two of its files. */
export async function holdsEvidence(folder: string): Promise<boolean> {
  const found = await Promise.all(
    [...listedFiles, sumsFile].map((name) => exists(join(folder, name))),
  );
  return found.filter(Boolean).length > 1;
}

/** Checks that every file is there that a build writes. */
export async function checkPresence(folder: string): Promise<Check> {
  const mismatches: Mismatch[] = [];
  for (const file of [...listedFiles, sumsFile]) {
    if (await exists(join(folder, file))) continue;
    const computed = 'a file that a build writes';
    mismatches.push({ file, field: '', claimed: 'nothing', computed });
  }
  const extent = counted(listedFiles.length + 1 - mismatches.length, 'file');
  return { what: 'the evidence is all there', extent, mismatches };
}

async function checkSum(
  folder: string,
  name: string,
  sha256: string,
  signal: AbortSignal,
): Promise<Mismatch[]> {
  const computed = (await hashFile(join(folder, name), signal)) ?? 'no such file';
  return computed === sha256
    ? []
    : [{ file: sumsFile, field: name, claimed: sha256, computed, from: name }];
}

/**
 * Checks every line of SHA256SUMS against the files beside it, and that it has a line for each of
 * `listedFiles`: a file whose line is gone would pass unchecked.
 */
export async function checkSums(folder: string, signal: AbortSignal): Promise<Check> {
  const { sums, bad } = parseSums((await readFile(join(folder, sumsFile))).toString('latin1'));
  const mismatches: Mismatch[] = bad.map((line) => ({
    file: sumsFile,
    field: `line ${line}`,
    claimed: 'something else',
    computed: 'a digest, two spaces and a file name, in the order of names',
  }));
  for (const { name, sha256 } of sums) {
    mismatches.push(...(await checkSum(folder, name, sha256, signal)));
  }
  const named = new Set(sums.map(({ name }) => name));
  for (const name of listedFiles.filter((each) => !named.has(each))) {
    mismatches.push({ file: sumsFile, field: name, claimed: 'nothing', computed: 'a line for it' });
  }
  return {
    what: `${sumsFile} against the files beside it`,
    extent: counted(sums.length, 'file'),
    mismatches,
  };
}

/**
 * Hashes every file but the provenance itself, in the order in which a provenance lists them. A signed file
 * that is not there counts by the digest in the lock, as the provenance has it: a build from a lock of
 * another cache may never have had it. SHA256SUMS lists those that were there, and the check of trust/ says
 * how many are not.
 */
export async function hashEvidence(
  folder: string,
  lock: Lock | undefined,
  signal: AbortSignal,
): Promise<FileSum[]> {
  const found: FileSum[] = [];
  for (const name of [lockFile, mtree, spdx, cyclonedx, `${trust}/trust.json`]) {
    const sha256 = await hashFile(join(folder, name), signal);
    if (sha256 !== undefined) found.push({ name, sha256 });
  }
  for (const { name, sha256 } of lock ? trustFiles(lock) : []) {
    const file = `${trust}/${name}`;
    found.push({ name: file, sha256: (await hashFile(join(folder, file), signal)) ?? sha256 });
  }
  return found;
}

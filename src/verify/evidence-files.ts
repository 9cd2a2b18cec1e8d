import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileKind, readRegular } from '../base/regular-file.ts';
import { mostBytesOf } from '../evidence/file-limits.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import { trustFiles } from '../evidence/provenance/trust-chain.ts';
import { type FileSum, parseSums } from '../evidence/sums.ts';
import type { Lock } from '../lock/schema.ts';
import { hashFile } from './image/archive-files.ts';
import { type Check, counted, type Mismatch } from './report.ts';

const { lock: lockFile, mtree, spdx, cyclonedx, provenance, trust, sums: sumsFile } = evidenceNames;

/** The files that every build writes and that SHA256SUMS lists. */
export const listedFiles = [lockFile, mtree, spdx, cyclonedx, `${trust}/trust.json`, provenance];

const look = (path: string) => lstat(path).catch(() => undefined);

/**
 * Returns whether a file of evidence that may be read, or the folder of signed indexes, is there: within the
 * limit for its kind, and no link, pipe or device.
 */
export async function exists(path: string): Promise<boolean> {
  const stats = await look(path);
  if (stats === undefined) return false;
  const name = basename(path);
  return stats.isFile() ? stats.size <= mostBytesOf(name) : stats.isDirectory() && name === trust;
}

/** Returns whether a folder holds evidence: at least two of its files. */
export async function holdsEvidence(folder: string): Promise<boolean> {
  const found = await Promise.all(
    [...listedFiles, sumsFile].map((name) => exists(join(folder, name))),
  );
  return found.filter(Boolean).length > 1;
}

/** Lists the files of evidence that are there besides those of every build: signatures and signed indexes. */
async function otherFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const signed = await readdir(join(folder, trust)).catch(() => []);
  return [
    ...names.filter((name) => name.endsWith('.sigstore.json') || name === 'rebuild.json'),
    ...signed.map((name) => `${trust}/${name}`),
  ].filter((name) => !listedFiles.includes(name));
}

/** Checks that a regular file is there, within the limit for its kind. */
async function checkFile(folder: string, file: string): Promise<Mismatch[]> {
  const stats = await look(join(folder, file));
  const wrong = (claimed: string, computed: string) => [{ file, field: '', claimed, computed }];
  if (stats === undefined) return wrong('nothing', 'a file that a build writes');
  if (!stats.isFile()) return wrong(fileKind(stats), 'a regular file; nothing else is read');
  const most = mostBytesOf(file);
  return stats.size > most ? wrong(`${stats.size} bytes`, `at most ${most} bytes`) : [];
}

/**
 * Checks that every file is there that a build writes, and that all files of evidence are regular ones: a
 * link would lead out of the folder, and a named pipe would never end.
 */
export async function checkPresence(folder: string): Promise<Check> {
  const stats = await look(join(folder, trust));
  const mismatches: Mismatch[] = [];
  if (stats !== undefined && !stats.isDirectory()) {
    const [file, claimed] = [trust, fileKind(stats)];
    mismatches.push({ file, field: '', claimed, computed: 'a folder; a link is not followed' });
  }
  const required = [...listedFiles, sumsFile];
  const found = await Promise.all(required.map((file) => checkFile(folder, file)));
  for (const file of await otherFiles(folder)) mismatches.push(...(await checkFile(folder, file)));
  const extent = counted(found.filter((each) => each.length === 0).length, 'file');
  const all = [...mismatches, ...found.flat()];
  return { what: 'the evidence is all there', extent, mismatches: all };
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
 * `listed`: a file whose line is gone would pass unchecked.
 */
export async function checkSums(
  folder: string,
  signal: AbortSignal,
  listed: readonly string[] = listedFiles,
): Promise<Check> {
  const text = await readRegular(join(folder, sumsFile), { most: mostBytesOf(sumsFile) });
  const { sums, bad } = parseSums(text?.toString('latin1') ?? '');
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
  for (const name of listed.filter((each) => !named.has(each))) {
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

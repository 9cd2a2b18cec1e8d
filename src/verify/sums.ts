import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSums } from '../evidence/sums.ts';
import { type Check, counted, type Mismatch } from './check.ts';
import { hashFile } from './parts.ts';

const file = 'SHA256SUMS';

async function checkFile(
  folder: string,
  name: string,
  sha256: string,
  signal: AbortSignal,
): Promise<Mismatch[]> {
  const computed = (await hashFile(join(folder, name), signal)) ?? 'no such file';
  return computed === sha256 ? [] : [{ file, field: name, claimed: sha256, computed, from: name }];
}

/**
 * Every line of SHA256SUMS against the files beside it, and whether it names all of `expected`, which is
 * what a build writes: a line that is gone would let its file pass.
 */
export async function checkSums(
  folder: string,
  expected: readonly string[],
  signal: AbortSignal,
): Promise<Check> {
  const { sums, bad } = parseSums((await readFile(join(folder, file))).toString('latin1'));
  const mismatches: Mismatch[] = bad.map((line) => ({
    file,
    field: `line ${line}`,
    claimed: 'something else',
    computed: 'a digest, two spaces and a file name, in the order of names',
  }));
  for (const { name, sha256 } of sums) {
    mismatches.push(...(await checkFile(folder, name, sha256, signal)));
  }
  const named = new Set(sums.map(({ name }) => name));
  for (const name of expected.filter((each) => !named.has(each))) {
    mismatches.push({ file, field: name, claimed: 'nothing', computed: 'a line for it' });
  }
  return {
    what: `${file} against the files beside it`,
    extent: counted(sums.length, 'file'),
    mismatches,
  };
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { differences } from '../base/json-differences.ts';
import { trustChain, trustFiles } from '../evidence/provenance/trust-chain.ts';
import type { FileSum } from '../evidence/sums.ts';
import type { Lock } from '../lock/schema.ts';
import { exists } from './evidence-files.ts';
import { hashFile } from './image/archive-files.ts';
import { readJsonFile } from './json-file.ts';
import { type Check, counted, type Mismatch } from './report.ts';

async function checkChain(folder: string, lock: Lock): Promise<Mismatch[]> {
  const file = 'trust/trust.json';
  if (!(await exists(join(folder, 'trust.json')))) return [];
  const { value, mismatches } = await readJsonFile(join(folder, 'trust.json'), file);
  if (value === undefined) return [...mismatches];
  const found = differences(value, trustChain(lock));
  return [...mismatches, ...found.map((each) => ({ file, ...each, from: 'lock.json' }))];
}

async function checkSigned(folder: string, { name, sha256 }: FileSum, signal: AbortSignal) {
  const computed = await hashFile(join(folder, name), signal);
  // A lock that was made with another cache names indexes that this one may never have had.
  if (computed === undefined || computed === sha256) return [];
  const field = `the sha256 of ${name}`;
  return [{ file: 'lock.json', field, claimed: sha256, computed, from: `trust/${name}` }];
}

/** Checks the chain of trust against the lock, and the signed bytes beside it against their digests. */
export async function checkTrust(folder: string, lock: Lock, signal: AbortSignal): Promise<Check> {
  const signed = trustFiles(trustChain(lock));
  const mismatches = await checkChain(folder, lock);
  for (const each of signed) mismatches.push(...(await checkSigned(folder, each, signal)));
  const there = await readdir(folder);
  const missing = signed.filter(({ name }) => !there.includes(name)).length;
  const known = new Set(['trust.json', ...signed.map(({ name }) => name)]);
  const strange = there.filter((name) => !known.has(name)).sort();
  const unknown = strange.map((name) => ({
    file: `trust/${name}`,
    field: '',
    claimed: 'a file',
    computed: 'nothing that the lock names',
    from: 'lock.json',
  }));
  return {
    what: 'trust/ against lock.json',
    extent: `${counted(signed.length - missing, 'signed file')}${missing > 0 ? `, ${missing} not there` : ''}`,
    mismatches: [...mismatches, ...unknown],
  };
}

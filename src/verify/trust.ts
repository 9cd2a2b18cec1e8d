import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { list, record, text } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import {
  consistentDocument,
  type TrustDocument,
  trustFiles,
} from '../evidence/provenance/trust-chain.ts';
import type { FileSum } from '../evidence/sums.ts';
import type { Lock } from '../lock/schema.ts';
import { exists } from './evidence-files.ts';
import { hashFile } from './image/archive-files.ts';
import { readJsonFile } from './json-file.ts';
import { type Check, counted, type Mismatch } from './report.ts';

const file = 'trust/trust.json';

const strings = (value: unknown): string[] => list(value).map(text);

/** Returns the fields of a document that are read; whatever else it holds differs from the one expected. */
const documentIn = (value: unknown): TrustDocument => ({
  trustVersion: 2,
  links: list(record(value).links).map((each) => {
    const { file, sha256, url, signedBy, vouchesFor, by } = record(each);
    const names = { file: text(file), sha256: text(sha256), url: text(url) };
    const isVouched = by === 'lock-key' ? { by } : {};
    return {
      ...names,
      signedBy: strings(signedBy),
      vouchesFor: strings(vouchesFor),
      ...(isVouched as { by?: 'lock-key' }),
    };
  }),
  unsigned: list(record(value).unsigned).map((each) => {
    const { name, sha256, by } = record(each);
    const known = (['recipe', 'unsigned-archive'] as const).find((one) => one === by);
    return { name: text(name), sha256: text(sha256), by: known ?? 'foreign-lock' };
  }),
  keys: list(record(value).keys).map((each) => {
    const { of, path, sha256, file } = record(each);
    const set = of === 'builder' ? of : 'image';
    return { of: set, path: text(path), sha256: text(sha256), file: text(file) };
  }),
});

/** Reads what trust.json in a folder claims; nothing of it is proven. */
export async function claimedChain(folder: string): Promise<TrustDocument> {
  if (!(await exists(join(folder, 'trust.json')))) return documentIn({});
  const { value } = await readJsonFile(join(folder, 'trust.json'), file);
  return documentIn(value);
}

async function checkChain(folder: string, lock: Lock): Promise<Mismatch[]> {
  if (!(await exists(join(folder, 'trust.json')))) return [];
  const { value, mismatches } = await readJsonFile(join(folder, 'trust.json'), file);
  if (value === undefined) return [...mismatches];
  const found = differences(value, consistentDocument(lock, documentIn(value)));
  return [...mismatches, ...found.map((each) => ({ file, ...each, from: 'lock.json' }))];
}

/** Compares a copy with its digest; one that is not there was never in the cache of the build. */
async function checkCopy(
  folder: string,
  { name, sha256 }: FileSum,
  statedIn: string,
  signal: AbortSignal,
): Promise<Mismatch[]> {
  const computed = await hashFile(join(folder, name), signal);
  if (computed === undefined || computed === sha256) return [];
  const field = `the sha256 of ${name}`;
  return [{ file: statedIn, field, claimed: sha256, computed, from: `trust/${name}` }];
}

/**
 * Checks the chain of trust against the lock, and the signed bytes and keys beside it against their digests.
 * The signatures themselves are followed elsewhere.
 */
export async function checkTrust(folder: string, lock: Lock, signal: AbortSignal): Promise<Check> {
  const signed = trustFiles(lock);
  const keys = (await claimedChain(folder)).keys.map(({ file: name, sha256 }) => ({
    name,
    sha256,
  }));
  const mismatches = await checkChain(folder, lock);
  for (const each of signed) {
    mismatches.push(...(await checkCopy(folder, each, 'lock.json', signal)));
  }
  const there = await readdir(folder);
  for (const each of keys.filter(({ name }) => there.includes(name))) {
    mismatches.push(...(await checkCopy(folder, each, file, signal)));
  }
  const missing = signed.filter(({ name }) => !there.includes(name)).length;
  const known = new Set(['trust.json', ...[...signed, ...keys].map(({ name }) => name)]);
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

import { join } from 'node:path';
import { type JsonRecord, list, record } from '../../base/json.ts';
import { differences } from '../../base/json-differences.ts';
import type { EngineName } from '../../engines/engine.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { keyEndProblems } from '../../sign/key-end.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import { requireEvidence } from '../../sign/read-evidence.ts';
import { claimedHint, verifyBundle } from '../../sign/verify-bundle.ts';
import { exists } from '../evidence-files.ts';
import { hashFile } from '../image/archive-files.ts';
import { readJsonFile } from '../json-file.ts';
import { recordedDigests } from '../provenance.ts';
import type { Check, Mismatch } from '../report.ts';
import { digestNames } from './compare-rebuild.ts';
import { rebuildStatement } from './rebuild-statement.ts';

/** Names of a rebuild's statement and of the bundle with its signature, in the folder of evidence. */
export const rebuildFiles = { statement: 'rebuild.json', bundle: 'rebuild.sigstore.json' } as const;

const { statement: file, bundle: bundleFile } = rebuildFiles;

/** Computes the statement from the evidence, and keeps the claims that only the rebuild could know. */
async function expectedStatement(
  folder: string,
  claimed: JsonRecord,
  provenance: JsonRecord,
  signal: AbortSignal,
): Promise<JsonRecord> {
  const { engine, platform, results, rebuilder } = record(claimed.predicate);
  const recorded = recordedDigests(provenance);
  const digests = digestNames.map((name, at) => {
    const { sha256 } = record(record(list(results)[at]).rebuilt);
    return { name, claimed: recorded[name], rebuilt: sha256 && `sha256:${sha256}` };
  });
  const statement = rebuildStatement({
    provenance,
    sha256: {
      lock: (await hashFile(join(folder, evidenceNames.lock), signal)) ?? '',
      provenance: (await hashFile(join(folder, evidenceNames.provenance), signal)) ?? '',
    },
    engine: engine as EngineName,
    platform: String(platform),
    digests: digests as Parameters<typeof rebuildStatement>[0]['digests'],
  });
  const predicate = { ...statement.predicate, rebuilder };
  return JSON.parse(JSON.stringify({ ...statement, predicate })) as JsonRecord;
}

async function checkBundle(
  folder: string,
  statement: JsonRecord,
  provenance: JsonRecord,
  keys: readonly VerificationKey[],
): Promise<Check> {
  const what = `the signature of ${file}`;
  if (!(await exists(join(folder, bundleFile)))) {
    return { what, mismatches: [], claimed: 'nobody signed it' };
  }
  if (keys.length === 0) {
    return { what, mismatches: [], skipped: '--key names no public key to check it with' };
  }
  const text = await requireEvidence(folder, bundleFile);
  const hint = claimedHint(text);
  const key = keys.find((each) => each.hint === hint);
  if (key === undefined) {
    const named = keys.map((each) => each.hint).join(', ');
    return { what, mismatches: [], skipped: `another key than ${named} made it` };
  }
  const verdict = verifyBundle(text, key);
  const mismatches: Mismatch[] = verdict.ok
    ? differences(statement, verdict.statement).map((each) => ({ file, ...each, from: bundleFile }))
    : verdict.problems.map((each) => ({ file: bundleFile, ...each }));
  const predicate = record(provenance.predicate);
  const end = await keyEndProblems(folder, key, { predicate }, bundleFile);
  const reproduced = record(statement.predicate).reproduced === true;
  return {
    what,
    mismatches: [...mismatches, ...end],
    ...(reproduced && { proves: 'rebuild' }),
  };
}

/**
 * Checks the statement of a rebuild that lies beside the evidence against that evidence, and its
 * signature. Skips a statement about another build: it says nothing about this one.
 */
export async function checkRebuildStatement(
  folder: string,
  provenance: JsonRecord,
  keys: readonly VerificationKey[],
  signal: AbortSignal,
): Promise<Check[]> {
  if (!(await exists(join(folder, file)))) return [];
  const what = `${file} against the evidence`;
  const { value, mismatches } = await readJsonFile(join(folder, file), file);
  if (value === undefined) return [{ what, mismatches }];
  const expected = await expectedStatement(folder, value, provenance, signal);
  const from = (statement: JsonRecord) => record(statement.predicate).from;
  if (differences(from(value), from(expected)).length > 0) {
    return [{ what, mismatches, skipped: 'it is of another lock or provenance than these' }];
  }
  const found = differences(value, expected).map((each) => ({ file, ...each }));
  const signature = await checkBundle(folder, value, provenance, keys);
  return [{ what, mismatches: [...mismatches, ...found] }, signature];
}

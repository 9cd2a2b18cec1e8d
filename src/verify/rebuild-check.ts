import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import type { EngineName } from '../engines/engine.ts';
import { evidenceNames } from '../evidence/evidence.ts';
import type { VerificationKey } from '../sign/verification-key.ts';
import { verifyBundle } from '../sign/verify-bundle.ts';
import type { Check, Mismatch } from './check.ts';
import { digestNames } from './compare-rebuild.ts';
import { exists } from './evidence-files.ts';
import { type JsonRecord, readJsonFile } from './json-part.ts';
import { hashFile } from './parts.ts';
import { recordedDigests } from './provenance.ts';
import { rebuildStatement } from './rebuild-statement.ts';

/** Names of a rebuild's statement and of the bundle with its signature, in the folder of evidence. */
export const rebuildFiles = { statement: 'rebuild.json', bundle: 'rebuild.sigstore.json' } as const;

const { statement: file, bundle: bundleFile } = rebuildFiles;

const record = (value: unknown): JsonRecord => (isRecord(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The statement that follows from the evidence, with what only the rebuild could know as it is claimed. */
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
  key: VerificationKey | undefined,
): Promise<Check[]> {
  const what = `the signature of ${file}`;
  if (!(await exists(join(folder, bundleFile)))) return [];
  if (key === undefined) {
    return [{ what, mismatches: [], skipped: '--key names no public key to check it with' }];
  }
  const text = await readFile(join(folder, bundleFile), 'utf8');
  if (!text.includes(key.hint)) {
    return [{ what, mismatches: [], skipped: `another key than ${key.hint} made it` }];
  }
  const verdict = verifyBundle(text, key);
  const mismatches: Mismatch[] = verdict.ok
    ? differences(statement, verdict.statement).map((each) => ({ file, ...each, from: bundleFile }))
    : verdict.problems.map((each) => ({ file: bundleFile, ...each }));
  return [{ what, mismatches }];
}

/**
 * The statement of a rebuild that lies beside the evidence, held against it, and its signature. One that
 * is about another build says nothing of this one.
 */
export async function checkRebuildStatement(
  folder: string,
  provenance: JsonRecord,
  key: VerificationKey | undefined,
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
  const signature = await checkBundle(folder, value, key);
  return [{ what, mismatches: [...mismatches, ...found] }, ...signature];
}

import { isSha256 } from '../base/hash.ts';
import { type JsonRecord, list, record, text } from '../base/json.ts';
import { stepResult } from '../evidence/provenance/provenance.ts';
import type { Lock } from '../lock/schema.ts';

const isStep = (byproduct: unknown): boolean =>
  record(record(byproduct).annotations).role === 'step';

/** Returns the results of steps that a provenance lists. */
export function stepsIn(statement: JsonRecord): readonly JsonRecord[] {
  const { runDetails } = record(statement.predicate);
  return list(record(runDetails).byproducts).filter(isStep).map(record);
}

/**
 * Returns the results of steps in the one form that they have, and none for an image without a builder, in
 * which no step can run. Which bytes came out is as claimed: only a build can tell.
 */
export function expectedSteps(statement: JsonRecord, lock: Lock | undefined): readonly unknown[] {
  if (lock !== undefined && lock.toolchain === undefined) return [];
  return stepsIn(statement).map(({ name, digest, annotations }) => {
    const { mkbaseNode, sha256 } = record(digest);
    const { version } = record(annotations);
    const [key, tree] = [mkbaseNode, sha256].map(text);
    if (key === undefined || tree === undefined || !isSha256(key) || !isSha256(tree)) return {};
    if (!Number.isSafeInteger(version)) return {};
    return stepResult({ does: text(name), version: Number(version), key, tree });
  });
}

import { join } from 'node:path';
import { type JsonRecord, list, record, text } from '../../base/json.ts';
import { type PlatformName, platformNames } from '../../base/platform.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { exists } from '../evidence-files.ts';
import { readJsonFile } from '../json-file.ts';
import type { Mismatch } from '../report.ts';

/** The provenance of an index as it was found; everything in it is a claim. */
export interface IndexEvidence {
  /** Absolute. */
  readonly folder: string;
  readonly statement: JsonRecord;
  /** Platforms in it that mkbase knows, each once, in the order of an index. */
  readonly platforms: readonly PlatformName[];
  /** Everything that is wrong with the file's form. */
  readonly mismatches: readonly Mismatch[];
}

/** Returns the parameters in a provenance. */
export const parametersOf = (statement: JsonRecord): JsonRecord =>
  record(record(record(statement.predicate).buildDefinition).externalParameters);

/** Returns whether a folder holds the evidence of an index over several platforms. */
export const holdsIndexEvidence = (folder: string): Promise<boolean> =>
  exists(join(folder, evidenceNames.indexProvenance));

/** Reads the provenance of an index. Errors: IO. */
export async function readIndexEvidence(folder: string): Promise<IndexEvidence> {
  const name = evidenceNames.indexProvenance;
  const { value = {}, mismatches } = await readJsonFile(join(folder, name), name);
  const claimed = list(parametersOf(value).platforms).map(text);
  return {
    folder,
    statement: value,
    platforms: platformNames.filter((each) => claimed.includes(each)),
    mismatches,
  };
}

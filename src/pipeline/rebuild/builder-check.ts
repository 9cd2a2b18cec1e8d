import { join } from 'node:path';
import { list, record, text } from '../../base/json.ts';
import { evidenceNames } from '../../evidence/file-names.ts';
import { readJsonFile } from '../../verify/json-file.ts';
import type { Check } from '../../verify/report.ts';
import type { BuilderRecord } from '../builder-state.ts';

/**
 * Holds the builder that a rebuild made for itself, as the provenance in its output folder names it,
 * against what mkbase remembered of that builder before. No check without a builder, or where nothing
 * was remembered. Errors: IO.
 */
export async function builderCheck(
  known: readonly BuilderRecord[],
  rebuilt: string,
  how: string,
): Promise<Check[]> {
  const { value } = await readJsonFile(join(rebuilt, evidenceNames.provenance), how);
  const { builder } = record(record(value?.predicate).runDetails);
  return list(record(builder).builderDependencies).flatMap((each): Check[] => {
    const { name, digest } = record(each);
    const { mkbaseToolchain: key, sha256 } = record(digest);
    const before = known.find((one) => one.key === key);
    if (before === undefined) return [];
    const what = `${how}: the builder ${text(name)}`;
    if (before.tree === sha256) return [{ what, mismatches: [] }];
    const file = `builders/${before.key}.json in the state folder`;
    const [claimed, computed] = [before.tree, text(sha256)];
    return [{ what, mismatches: [{ file, field: 'tree', claimed, computed, from: how }] }];
  });
}

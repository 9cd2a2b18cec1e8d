import type { JsonRecord } from '../../base/json.ts';
import { packageVersion } from '../../base/package-root.ts';
import type { EngineName } from '../../engines/engine.ts';
import { builderId } from '../../evidence/provenance/provenance.ts';
import { type Statement, type Subject, statementOf } from '../../evidence/provenance/statement.ts';
import { type DigestPair, isReproduced } from './compare-rebuild.ts';

/** Type of the predicate, which docs/compliance.md describes. */
export const rebuildType = 'urn:mkbase:rebuild:v1';

/** A build that was done again, and the evidence that it was done from. */
export interface RebuildRecord {
  /** The provenance of the first build. */
  readonly provenance: JsonRecord;
  /** sha256 of the files that it was done from, hexadecimal. */
  readonly sha256: { readonly lock: string; readonly provenance: string };
  readonly engine: EngineName;
  readonly platform: string;
  readonly digests: readonly DigestPair[];
}

const hex = (digest: string | undefined) =>
  digest === undefined ? {} : { sha256: digest.replace(/^sha256:/, '') };

/**
 * Makes the statement of a rebuild about the provenance's subjects: who rebuilt from which lock with
 * which engine, and the digests of the result. It holds no time: the same rebuild always gives the same
 * statement.
 */
export function rebuildStatement(record: RebuildRecord): Statement {
  const { provenance, sha256, engine, platform, digests } = record;
  return statementOf(provenance.subject as readonly Subject[], rebuildType, {
    reproduced: isReproduced(record),
    from: [
      { name: 'lock.json', digest: { sha256: sha256.lock } },
      { name: 'provenance.json', digest: { sha256: sha256.provenance } },
    ],
    rebuilder: { id: builderId, version: { mkbase: packageVersion } },
    engine,
    platform,
    results: digests.map(({ name, claimed, rebuilt }) => ({
      name,
      claimed: hex(claimed),
      rebuilt: hex(rebuilt),
    })),
  });
}

import { createHash } from 'node:crypto';
import { isRecord } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { dependenciesOf } from '../evidence/provenance/dependencies.ts';
import { builderId, buildType, subjectsOf } from '../evidence/provenance/provenance.ts';
import { provenanceType } from '../evidence/provenance/slsa.ts';
import { statementType } from '../evidence/provenance/statement.ts';
import type { FileSum } from '../evidence/sums.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/locked.ts';
import type { Check, Mismatch } from './check.ts';
import type { JsonRecord } from './json-part.ts';

const file = 'provenance.json';

/** What provenance.json is held against. */
export interface ProvenanceFacts {
  readonly lock: Lock | undefined;
  /** As the recipe in the provenance asks for it, around the rootfs that was found. */
  readonly image: Image | undefined;
  /** Where that rootfs was found, for messages. */
  readonly imageName: string | undefined;
  /** The other files of evidence that are there, in the order in which a build lists them. */
  readonly evidence: readonly FileSum[];
}

const record = (value: unknown): JsonRecord => (isRecord(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const roleOf = (dependency: unknown) => record(record(dependency).annotations).role;

/** The recipe that a provenance says was asked for. */
export const recipeIn = (statement: JsonRecord): JsonRecord => {
  const { buildDefinition } = record(statement.predicate);
  return record(record(record(buildDefinition).externalParameters).recipe);
};

/** `sha256:<hex>` of manifest, config and layer, as a provenance names its subjects. */
export function recordedDigests(
  statement: JsonRecord | undefined,
): Readonly<Partial<Record<'manifest' | 'config' | 'layer', string>>> {
  const [manifest, config, layer] = list(statement?.subject).map((subject) => {
    const { sha256 } = record(record(subject).digest);
    return typeof sha256 === 'string' ? `sha256:${sha256}` : undefined;
  });
  return { ...(manifest && { manifest }), ...(config && { config }), ...(layer && { layer }) };
}

/** Recipe files that were read are nowhere else stated; what was fetched follows from the lock. */
function expectedDependencies(claimed: unknown, lock: Lock | undefined) {
  if (lock === undefined) return claimed;
  const own = list(claimed).filter((each) =>
    ['recipe', 'beside-recipe'].includes(String(roleOf(each))),
  );
  return [...own, ...dependenciesOf(lock)];
}

/** Fields of the request that the lock states as well. */
function expectedParameters(claimed: JsonRecord, lock: Lock | undefined) {
  if (lock === undefined) return claimed;
  const asked = record(lock.asked);
  const recipe = record(claimed.recipe);
  const isStatic = record(recipe.from).kind === 'static';
  return {
    ...claimed,
    platform: lock.platform,
    recipe: {
      ...recipe,
      name: lock.recipe,
      epoch: asked.epoch,
      packages: asked.packages,
      from: isStatic ? recipe.from : asked.from,
    },
  };
}

/** The epoch of a build: SOURCE_DATE_EPOCH, which the provenance has then, overrides the lock's. */
export function epochIn(statement: JsonRecord | undefined, lock: Lock): number {
  const { buildDefinition } = record(statement?.predicate);
  const { sourceDateEpoch } = record(record(buildDefinition).externalParameters);
  return typeof sourceDateEpoch === 'number' ? sourceDateEpoch : lock.epoch;
}

/** The outcomes of tests as they stand there, with digest and counts as they follow from them. */
function expectedResults(claimed: unknown): unknown {
  const { content } = record(claimed);
  const bytes = Buffer.from(String(content), 'base64');
  const passed = bytes.toString('utf8').match(/"passed": true/g)?.length ?? 0;
  const failed = bytes.toString('utf8').match(/"passed": false/g)?.length ?? 0;
  return {
    name: 'test-results.json',
    mediaType: 'application/json',
    content: bytes.toString('base64'),
    digest: { sha256: createHash('sha256').update(bytes).digest('hex') },
    annotations: { passed, failed },
  };
}

/** The statement with everything in it that can be computed anew; the rest as it is claimed. */
function expectedStatement(claimed: JsonRecord, { lock, image, evidence }: ProvenanceFacts) {
  const { buildDefinition, runDetails } = record(claimed.predicate);
  const definition = record(buildDefinition);
  const { builder, byproducts } = record(runDetails);
  const recipe = recipeIn(claimed);
  const files = evidence.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  return {
    _type: statementType,
    subject: image ? subjectsOf(image, lock?.recipe ?? String(recipe.name)) : claimed.subject,
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: expectedParameters(record(definition.externalParameters), lock),
        internalParameters: lock
          ? { epoch: epochIn(claimed, lock) }
          : definition.internalParameters,
        resolvedDependencies: expectedDependencies(definition.resolvedDependencies, lock),
      },
      runDetails: {
        builder: { ...record(builder), id: builderId },
        byproducts: [expectedResults(list(byproducts)[0]), ...files],
      },
    },
  };
}

/** A field that JSON leaves out where it is undefined. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What a provenance says, held against lock, image and the other evidence. */
export function checkProvenance(claimed: JsonRecord, facts: ProvenanceFacts): Check {
  const from = [
    facts.lock && 'lock.json',
    facts.image && facts.imageName,
    'the files beside it',
  ].filter((each) => each !== undefined);
  const found = differences(claimed, asJson(expectedStatement(claimed, facts)));
  const mismatches: Mismatch[] = found.map((each) => ({ file, ...each, from: from.join(', ') }));
  return { what: `${file} against ${from.join(', ')}`, mismatches };
}

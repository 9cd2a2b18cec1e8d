import { sha256OfBytes } from '../base/hash.ts';
import { type JsonRecord, list, record, text, texts } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { dependenciesOf, recipeDependencies } from '../evidence/provenance/dependencies.ts';
import {
  builderId,
  buildType,
  externalParameters,
  subjectsOf,
  testResults,
} from '../evidence/provenance/provenance.ts';
import { provenanceType, statementType } from '../evidence/provenance/statement.ts';
import type { TrustDocument } from '../evidence/provenance/trust-chain.ts';
import { commandOf } from '../evidence/smoke.ts';
import type { FileSum } from '../evidence/sums.ts';
import type { TestOutcome } from '../evidence/test-outcome.ts';
import type { Image } from '../image/image.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Lock } from '../lock/schema.ts';
import { mediaTypes } from '../oci/blob.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { SmokeTest } from '../recipe/schema/schema.ts';
import type { RecipeAtHand } from './recipe-at-hand.ts';
import { recordedForms } from './recorded-forms.ts';
import type { Check, Mismatch } from './report.ts';
import type { ToldRecipe } from './told-recipe.ts';
import { expectedSteps } from './told-steps.ts';

const file = 'provenance.json';

/** The lock, image and files that provenance.json is checked against. */
export interface ProvenanceFacts {
  readonly lock: Lock | undefined;
  /** trust.json, which says of each input why it is believed; its own claims are checked elsewhere. */
  readonly trust: TrustDocument;
  /** The image that the recipe in the provenance makes of the rootfs that was found. */
  readonly image: Image | undefined;
  /** The file that holds that rootfs, for messages. */
  readonly imageName: string | undefined;
  /** The other files of evidence that are there, in the order in which a build lists them. */
  readonly evidence: readonly FileSum[];
  /** The recipe as it is on this machine, if it is there. */
  readonly atHand: RecipeAtHand | undefined;
  /** The recipe's tests, which the outcomes are of; undefined where there is no recipe to read. */
  readonly tests: readonly SmokeTest[] | undefined;
}

const roleOf = (dependency: unknown) => record(record(dependency).annotations).role;

/** Returns the recipe that a provenance records. */
export const recipeIn = (statement: JsonRecord): JsonRecord => {
  const { buildDefinition } = record(statement.predicate);
  return record(record(record(buildDefinition).externalParameters).recipe);
};

/** Returns `sha256:<hex>` of manifest, config and layer from the subjects of a provenance. */
export function recordedDigests(
  statement: JsonRecord | undefined,
): Readonly<Partial<Record<'manifest' | 'config' | 'layer', string>>> {
  const [manifest, config, layer] = list(statement?.subject).map((subject) => {
    const { sha256 } = record(record(subject).digest);
    return typeof sha256 === 'string' ? `sha256:${sha256}` : undefined;
  });
  return { ...(manifest && { manifest }), ...(config && { config }), ...(layer && { layer }) };
}

/**
 * Returns the layers that a provenance records as they are, not compressed, the lowest first; none where the rootfs
 * is the one layer.
 */
export const recordedLayers = (
  statement: JsonRecord,
): { readonly diffId: string; readonly size: number }[] =>
  list(statement.subject)
    .slice(3)
    .map(record)
    .filter(({ mediaType }) => mediaType === mediaTypes.layer)
    .map(({ digest, annotations }) => ({
      diffId: `sha256:${text(record(digest).sha256)}`,
      size: Number(record(annotations).size),
    }));

/**
 * Computes the recipe's files from the recipe, and from the lock what was fetched. Where the recipe is not
 * at hand, its files are as claimed: nothing else states them.
 */
function expectedDependencies(
  claimed: unknown,
  { lock, trust, atHand }: Pick<ProvenanceFacts, 'lock' | 'trust' | 'atHand'>,
) {
  if (lock === undefined) return claimed;
  const own = atHand
    ? recipeDependencies(atHand.recipe, atHand.toolchain, atHand.localFiles)
    : list(claimed).filter((each) => ['recipe', 'beside-recipe'].includes(text(roleOf(each))));
  return [...own, ...dependenciesOf(lock, trust)];
}

/** Returns `from:` of a recipe with all that the lock's request states of it. */
function expectedFrom(claimed: JsonRecord, { from, asked }: Lock): unknown {
  const { choosing, stated } = kindOf(from);
  const request = record(asked).from;
  if (choosing === undefined) return request;
  if (stated === undefined) return claimed;
  const fields = stated(sourceOf(from), record(request));
  return { ...claimed, [from.kind]: { ...record(claimed[from.kind]), ...fields } };
}

/** Fields of the request that the recipe or, where that is not at hand, the lock states as well. */
function expectedParameters(
  claimed: JsonRecord,
  { lock, atHand }: Pick<ProvenanceFacts, 'lock' | 'atHand'>,
) {
  if (lock === undefined) return claimed;
  if (atHand !== undefined) {
    const { allow, annotations, sourceDateEpoch, test, layers } = claimed;
    return externalParameters(atHand.recipe, {
      platform: lock.platform,
      allow: list(allow).map(String),
      ...(typeof sourceDateEpoch === 'number' && { sourceDateEpoch }),
      test: test !== false,
      annotations: texts(annotations),
      keepsBase: layers !== undefined,
    });
  }
  const asked = record(lock.asked);
  const recipe = record(claimed.recipe);
  return {
    ...claimed,
    platform: lock.platform,
    recipe: {
      ...recipe,
      name: lock.recipe,
      epoch: asked.epoch,
      packages: asked.packages,
      from: expectedFrom(record(recipe.from), lock),
    },
  };
}

/** Says whether a value is an epoch that a recipe or SOURCE_DATE_EPOCH can ask for, seconds since 1970. */
export const isEpoch = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 4_294_967_295;

/** Returns the epoch of a build: SOURCE_DATE_EPOCH if the provenance records it, else the lock's. */
export function epochIn(statement: JsonRecord | undefined, lock: Lock): number {
  const { buildDefinition } = record(statement?.predicate);
  const { sourceDateEpoch } = record(record(buildDefinition).externalParameters);
  return isEpoch(sourceDateEpoch) ? sourceDateEpoch : lock.epoch;
}

/** Names the builder that the lock pins, with its key where the toolchain is at hand. */
function expectedBuilder(claimed: JsonRecord, { lock, atHand }: ProvenanceFacts) {
  const { builderDependencies, ...builder } = claimed;
  if (lock === undefined) return { ...claimed, id: builderId };
  if (lock.toolchain === undefined) return { ...builder, id: builderId };
  const [first, ...others] = list(builderDependencies).map(record);
  const key = atHand?.builder?.key;
  const digest = { ...record(first?.digest), ...(key !== undefined && { mkbaseToolchain: key }) };
  const { annotations: _, ...rest } = first ?? {};
  const { name, platform } = lock.toolchain;
  const named = { ...rest, name, digest, ...(platform && { annotations: { platform } }) };
  return { ...builder, id: builderId, builderDependencies: [named, ...others] };
}

/** Returns the numbers of the tests that a statement says the machine could not run. */
function claimedNotRun(content: string): ReadonlySet<number> {
  try {
    const outcomes = list(JSON.parse(content)).map(record);
    return new Set(outcomes.flatMap(({ notRun }, at) => (notRun === true ? [at] : [])));
  } catch {
    return new Set();
  }
}

/**
 * Computes which tests there are from the recipe; that they passed, or could not be run, is as claimed. A build
 * in which one fails leaves no evidence. Where there is no recipe, only digest and counts are computed.
 */
function expectedResults(claimed: unknown, tests: readonly SmokeTest[] | undefined): unknown {
  const { content } = record(claimed);
  const bytes = Buffer.from(text(content), 'base64');
  const written = bytes.toString('utf8');
  if (tests !== undefined) {
    const left = claimedNotRun(written);
    const outcomes = tests.map((test, at): TestOutcome => {
      const command = commandOf(test);
      return left.has(at) ? { command, passed: false, notRun: true } : { command, passed: true };
    });
    return testResults(outcomes);
  }
  const count = (pattern: RegExp) => written.match(pattern)?.length ?? 0;
  const [passed, notRun] = [count(/"passed": true/g), count(/"notRun": true/g)];
  const failed = count(/"passed": false/g) - notRun;
  return {
    name: 'test-results.json',
    mediaType: 'application/json',
    content: bytes.toString('base64'),
    digest: { sha256: sha256OfBytes(bytes) },
    annotations: { passed, failed, ...(notRun > 0 && { notRun }) },
  };
}

/** Computes everything in the statement that can be computed, and keeps the rest as it is claimed. */
function expectedStatement(claimed: JsonRecord, facts: ProvenanceFacts) {
  const { lock, image, evidence, tests } = facts;
  const { buildDefinition, runDetails } = record(claimed.predicate);
  const definition = record(buildDefinition);
  const { builder, byproducts } = record(runDetails);
  const recipe = recipeIn(claimed);
  const files = evidence.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  return {
    _type: statementType,
    subject: image
      ? subjectsOf(
          { ...image, forms: recordedForms(claimed, image) },
          lock?.recipe ?? text(recipe.name),
        )
      : claimed.subject,
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: expectedParameters(record(definition.externalParameters), facts),
        internalParameters: lock
          ? { epoch: epochIn(claimed, lock) }
          : definition.internalParameters,
        resolvedDependencies: expectedDependencies(definition.resolvedDependencies, facts),
      },
      runDetails: {
        builder: expectedBuilder(record(builder), facts),
        byproducts: [
          expectedResults(list(byproducts)[0], tests),
          ...files,
          ...expectedSteps(claimed, lock),
        ],
      },
    },
  };
}

/** Drops undefined fields, as JSON does. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Checks a provenance against lock, image and the other evidence. */
export function checkProvenance(claimed: JsonRecord, facts: ProvenanceFacts): Check {
  const from = [
    facts.lock && 'lock.json',
    facts.atHand?.called,
    facts.image && facts.imageName,
    'the files beside it',
  ].filter((each) => each !== undefined);
  const found = differences(claimed, asJson(expectedStatement(claimed, facts)));
  const mismatches: Mismatch[] = found.map((each) => ({ file, ...each, from: from.join(', ') }));
  return { what: `${file} against ${from.join(', ')}`, mismatches };
}

/** Returns the tests that a build ran of the recipe in its provenance; undefined where none can be read. */
export function testsOf(
  claimed: JsonRecord,
  told: ToldRecipe | undefined,
): readonly SmokeTest[] | undefined {
  const { buildDefinition } = record(claimed.predicate);
  const { test } = record(record(buildDefinition).externalParameters);
  return test === false ? [] : told?.recipe.test;
}

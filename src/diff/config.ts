import { isEmpty, type JsonRecord, record } from '../base/json.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import { importOutput } from '../outputs/import/import-output.ts';

/** A field of the image config that differs, and why. */
export interface ExplainedField extends Difference {
  readonly cause: string;
}

/** Fields that Docker adds of its own to the config of an image that it imports; no program sees them. */
const enginesOwn = new Set(['container', 'container_config', 'docker_version', 'id', 'parent']);

const without = (value: JsonRecord, leave: (key: string, member: unknown) => boolean) =>
  Object.fromEntries(Object.entries(value).filter(([key, member]) => !leave(key, member)));

/** Drops fields that an engine adds, and empty settings, which other tools leave out. */
function comparable(config: JsonRecord): JsonRecord {
  return {
    ...without(config, (key) => enginesOwn.has(key)),
    config: without(record(config.config), (_, member) => isEmpty(member)),
  };
}

/** Causes by field; the first pattern that matches counts. */
const causes: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [/^(?:created|history\[\d+\]\.created)$/, 'timestamp'],
  [/^(?:comment|history\[\d+\]\..*)$/, importOutput.name],
  [/^rootfs\.diff_ids/, 'files'],
  [/^(?:architecture|os|variant)$/, 'platform'],
  [/^config(?:\.|$)/, 'recipe'],
];

/** Matches the start of the line that mkbase itself writes into a history, which names the locked inputs. */
const ownLine = /^mkbase: recipe \S+, lock sha256:/;

function causeOf({ field, claimed, computed }: Difference): string {
  if (ownLine.test(claimed) && ownLine.test(computed)) return 'inputs';
  return causes.find(([pattern]) => pattern.test(field))?.[1] ?? 'unexplained';
}

/** Finds where two image configs differ in what they say, each field with its cause. */
export const configDifferences = (one: JsonRecord, other: JsonRecord): ExplainedField[] =>
  differences(comparable(one), comparable(other)).map((each) => ({
    ...each,
    cause: causeOf(each),
  }));

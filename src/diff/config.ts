import { isRecord } from '../base/json.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import { importOutput } from '../outputs/import/import-output.ts';
import type { JsonRecord } from '../verify/json-part.ts';

/** A field of the image config that differs, and why. */
export interface ExplainedField extends Difference {
  readonly cause: string;
}

/** What Docker adds of its own to the config of an image that it imports; no program sees it. */
const enginesOwn = new Set(['container', 'container_config', 'docker_version', 'id', 'parent']);

const saysNothing = (value: unknown): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const without = (value: JsonRecord, leave: (key: string, member: unknown) => boolean) =>
  Object.fromEntries(Object.entries(value).filter(([key, member]) => !leave(key, member)));

/** A config without what an engine adds and what says nothing, which other tools leave out. */
function told(config: JsonRecord): JsonRecord {
  const settings = isRecord(config.config) ? config.config : {};
  return {
    ...without(config, (key) => enginesOwn.has(key)),
    config: without(settings, (_, member) => saysNothing(member)),
  };
}

/** The first that fits tells why. */
const causes: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [/^(?:created|history\[\d+\]\.created)$/, 'timestamp'],
  [/^(?:comment|history\[\d+\]\..*)$/, importOutput.name],
  [/^rootfs\.diff_ids/, 'files'],
  [/^(?:architecture|os|variant)$/, 'platform'],
  [/^config(?:\.|$)/, 'recipe'],
];

/** Where two image configs differ in what they say, each with its cause. */
export const configDifferences = (one: JsonRecord, other: JsonRecord): ExplainedField[] =>
  differences(told(one), told(other)).map((each) => ({
    ...each,
    cause: causes.find(([pattern]) => pattern.test(each.field))?.[1] ?? 'unexplained',
  }));

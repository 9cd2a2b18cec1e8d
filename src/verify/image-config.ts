import { isRecord } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import type { Image } from '../image/image.ts';
import type { Check } from './check.ts';
import type { FoundImage } from './found-image.ts';
import type { JsonRecord } from './json-part.ts';

const record = (value: unknown): JsonRecord => (isRecord(value) ? value : {});

/** An engine's import stamps its own clock and history into the config; what a program sees is the same. */
function isImported(found: JsonRecord, intended: JsonRecord): boolean {
  const [first] = Array.isArray(found.history) ? found.history : [];
  const createdBy = String(record(first).created_by ?? '');
  return found.created !== intended.created && !createdBy.startsWith('mkbase ');
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Engines write signals in their own way (podman: `15` for SIGTERM) and drop health checks (OCI's config has none). */
const enginesOwn = new Set(['StopSignal', 'Healthcheck', 'ArgsEscaped']);

/** The fields that decide how an image runs, without those that say nothing or that engines write anew. */
function runFields({ config, os, architecture, variant }: JsonRecord): JsonRecord {
  const settings = Object.entries(record(config)).filter(
    ([key, value]) => !isEmpty(value) && !enginesOwn.has(key),
  );
  return {
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    ...Object.fromEntries(settings),
  };
}

/**
 * An image's config, held against the one that its recipe, platform and epoch make: all of it, or of an
 * image that an engine imported what decides how it runs.
 */
export function checkConfig({ file, config = {} }: FoundImage, intended: Image): Check {
  const wanted: JsonRecord = JSON.parse(Buffer.from(intended.config.bytes).toString('utf8'));
  const imported = isImported(config, wanted);
  const found = imported
    ? differences(runFields(config), runFields(wanted))
    : differences(config, wanted);
  const what = `the config in ${file} against the recipe in provenance.json`;
  return {
    what: imported ? `${what}, as far as an import keeps it` : what,
    mismatches: found.map((each) => ({
      file: `${file}: config`,
      ...each,
      from: 'provenance.json',
    })),
  };
}

import { isRecord } from '../base/json.ts';
import { platformNames } from '../base/platform.ts';
import { composeImage } from '../image/compose-image.ts';
import type { Image } from '../image/image.ts';
import { imageSettings } from '../recipe/schema.ts';
import { withoutUserParts } from '../store/show-url.ts';
import type { FoundImage } from './found-image.ts';
import type { JsonRecord } from './json-part.ts';
import { recipeIn } from './provenance.ts';

/** The lock's digest, as the history of an image tells it; an import keeps it, too. */
function lockDigestIn({ config }: FoundImage): string | undefined {
  const [first] = Array.isArray(config?.history) ? config.history : [];
  const comment = isRecord(first) ? String(first.comment) : '';
  return /lock sha256:([0-9a-f]{64})/.exec(comment)?.[1];
}

/** Every text in a value, and of `NAME=value` the value too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, value.slice(value.indexOf('=') + 1)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * Settings as the recipe has them. A provenance leaves user parts out of URLs; where the image has the
 * same URL with one, that is what was left out.
 */
function withUserParts(settings: unknown, { config }: FoundImage): unknown {
  const whole = new Map(textsIn(config?.config).map((text) => [withoutUserParts(text), text]));
  const restored = (_: string, value: unknown) =>
    typeof value === 'string' ? (whole.get(value) ?? value) : value;
  return settings === undefined ? undefined : JSON.parse(JSON.stringify(settings), restored);
}

/**
 * The image that the recipe in a provenance makes of a rootfs, down to the bytes of config and manifest;
 * undefined when the provenance holds no such recipe, or there is no rootfs.
 */
export function intendedImage(statement: JsonRecord, found: FoundImage): Image | undefined {
  const { layer } = found;
  const { name, image } = recipeIn(statement);
  const settings = imageSettings.safeParse(withUserParts(image, found));
  const { predicate } = statement as { predicate?: { buildDefinition?: JsonRecord } };
  const { externalParameters, internalParameters } = (predicate?.buildDefinition ?? {}) as {
    externalParameters?: { platform?: unknown };
    internalParameters?: { epoch?: unknown };
  };
  const platform = platformNames.find((each) => each === externalParameters?.platform);
  const epoch = internalParameters?.epoch;
  if (!layer || !settings.success || platform === undefined) return undefined;
  if (typeof name !== 'string' || !Number.isSafeInteger(epoch)) return undefined;
  const { diffId, size, part } = layer;
  const rootfs = { diffId, size, tar: part.file, entries: [] };
  const digest = lockDigestIn(found);
  return composeImage(rootfs, settings.data, {
    platform,
    created: epoch as number,
    recipe: name,
    ...(digest !== undefined && { lockDigest: digest }),
  });
}

import { type JsonRecord, list, record } from '../base/json.ts';
import { platformNames } from '../base/platform.ts';
import { composeImage } from '../image/compose-image.ts';
import type { Image } from '../image/image.ts';
import { imageSettings } from '../recipe/schema/schema.ts';
import { withoutUserParts } from '../store/show-url.ts';
import type { FoundImage } from './image/found-image.ts';
import { recipeIn } from './provenance.ts';

/** Returns the lock's digest from the history of an image; an import keeps it. */
function lockDigestIn({ config }: FoundImage): string | undefined {
  const comment = String(record(list(config?.history)[0]).comment);
  return /lock sha256:([0-9a-f]{64})/.exec(comment)?.[1];
}

/** Returns every text in a value, and the value of each `NAME=value` as well. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, value.slice(value.indexOf('=') + 1)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * Returns the settings as the recipe has them. A provenance leaves user parts out of URLs: where the image
 * has the same URL with a user part, that one is put back.
 */
function withUserParts(settings: unknown, { config }: FoundImage): unknown {
  const whole = new Map(textsIn(config?.config).map((text) => [withoutUserParts(text), text]));
  const restored = (_: string, value: unknown) =>
    typeof value === 'string' ? (whole.get(value) ?? value) : value;
  return settings === undefined ? undefined : JSON.parse(JSON.stringify(settings), restored);
}

/**
 * Returns the image that the recipe in a provenance makes of a rootfs, down to the bytes of config and
 * manifest; undefined when the provenance holds no such recipe, or there is no rootfs.
 */
export function imageFromRecipe(statement: JsonRecord, found: FoundImage): Image | undefined {
  const { layer } = found;
  const { name, image } = recipeIn(statement);
  const settings = imageSettings.safeParse(withUserParts(image, found));
  const definition = record(record(statement.predicate).buildDefinition);
  const { platform: stated } = record(definition.externalParameters);
  const platform = platformNames.find((each) => each === stated);
  const { epoch } = record(definition.internalParameters);
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

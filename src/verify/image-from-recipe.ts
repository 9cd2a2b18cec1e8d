import { isRecord, type JsonRecord, list, record, text, texts } from '../base/json.ts';
import { platformNames } from '../base/platform.ts';
import { annotationsOf } from '../image/annotations.ts';
import { imageWithConfig } from '../image/compose-image.ts';
import type { Image, ImageConfig, Layer } from '../image/image.ts';
import { toImageConfig } from '../image/process-config.ts';
import { inputsDigest } from '../lock/inputs.ts';
import type { Lock } from '../lock/schema.ts';
import { readRecordedSettings } from '../recipe/schema/recorded-settings.ts';
import { withoutUrlSecrets } from '../store/show-url.ts';
import type { FoundImage } from './image/found-image.ts';
import { isEpoch, recipeIn, recordedLayers } from './provenance.ts';

/** Returns the digest of a lock from the history of an image; an import keeps it. */
function lockDigestIn({ config }: FoundImage): string | undefined {
  const comment = text(record(list(config?.history).at(-1)).comment);
  return /lock sha256:([0-9a-f]{64})/.exec(comment)?.[1];
}

/**
 * Puts back what a provenance leaves out of URLs: where a text of the found config reads the same without
 * those parts, it stands for the stated one.
 */
function withUrlSecrets(stated: unknown, found: unknown): unknown {
  if (typeof stated === 'string') {
    return typeof found === 'string' && withoutUrlSecrets(found) === stated ? found : stated;
  }
  if (Array.isArray(stated)) return stated.map((each, at) => withUrlSecrets(each, list(found)[at]));
  if (!isRecord(stated)) return stated;
  const members = Object.entries(stated).map(([key, value]) => [
    key,
    withUrlSecrets(value, record(found)[key]),
  ]);
  return Object.fromEntries(members);
}

/** Returns recorded image settings as the `config` of an image; undefined for anything else. */
function configFrom(settings: unknown, recipe: string, found: unknown): ImageConfig | undefined {
  const recorded = readRecordedSettings(settings);
  if (recorded === undefined) return undefined;
  const { Env: _, ...others } = toImageConfig(recorded.settings, recipe);
  const { variables } = recorded;
  const config = { ...others, ...(variables.length > 0 && { Env: variables }) };
  return withUrlSecrets(config, found) as ImageConfig;
}

const said = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Returns the layers of the image that was found, and of a rootfs's tar those that the provenance records. */
const layersOf = (statement: JsonRecord, { layers }: FoundImage): readonly Layer[] =>
  layers?.map(({ part, diffId, size }) => ({ diffId, size, tar: part.file })) ??
  recordedLayers(statement).map((each) => ({ ...each, tar: '' }));

/**
 * Returns the image that the recipe in a provenance makes of a rootfs, down to the bytes of config and
 * manifest; undefined when the provenance holds no such recipe, or there is no rootfs. The history names
 * the inputs of `lock`; without a lock it is taken for what it says.
 */
export function imageFromRecipe(
  statement: JsonRecord,
  found: FoundImage,
  lock: Lock | undefined,
): Image | undefined {
  const { layer } = found;
  const { name, image, description, about } = recipeIn(statement);
  const definition = record(record(statement.predicate).buildDefinition);
  const {
    platform: stated,
    release,
    annotations,
    layers: kept,
  } = record(definition.externalParameters);
  const platform = platformNames.find((each) => each === stated);
  const { epoch } = record(definition.internalParameters);
  if (!layer || platform === undefined) return undefined;
  if (typeof name !== 'string' || !isEpoch(epoch)) return undefined;
  const config = configFrom(image, name, found.config?.config);
  if (config === undefined) return undefined;
  const { diffId, size, part } = layer;
  const rootfs = { diffId, size, tar: part?.file ?? '', entries: [] };
  const { base } = record(kept);
  const layers = layersOf(statement, found);
  const digest = lock ? inputsDigest(lock) : lockDigestIn(found);
  const { labels, annotations: own } = record(image);
  const annotated = {
    ...{ name, description: said(description), release: said(release) },
    about: texts(about),
    ...{ labels: texts(labels), annotations: texts(own) },
  };
  const options = {
    annotations: annotationsOf(annotated, epoch, texts(annotations)),
    ...{ platform, created: epoch, recipe: name },
    ...(digest !== undefined && { lockDigest: digest }),
  };
  return imageWithConfig(
    rootfs,
    config,
    options,
    typeof base === 'string' ? { base, layers } : undefined,
  );
}

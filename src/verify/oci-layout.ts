import { isRecord } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { mediaTypes } from '../oci/blob.ts';
import type { FilePart } from '../oci/read-layout.ts';
import type { Mismatch } from './check.ts';
import { brief, checkDescriptor } from './descriptors.ts';
import type { FoundImage } from './found-image.ts';
import { type JsonRecord, readJsonPart } from './json-part.ts';
import { readLayer } from './layer.ts';
import type { Parts } from './parts.ts';

/** Layers as other tools store them; mkbase writes the first. */
const layerTypes = [
  mediaTypes.layer,
  `${mediaTypes.layer}+gzip`,
  `${mediaTypes.layer}+zstd`,
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
];
const manifestTypes = [mediaTypes.manifest, 'application/vnd.docker.distribution.manifest.v2+json'];
const configTypes = [mediaTypes.config, 'application/vnd.docker.container.image.v1+json'];

/** What was found, and all that is wrong with it. */
export interface Looked {
  readonly image: FoundImage;
  readonly mismatches: readonly Mismatch[];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Every blob is named by what it hashes to. */
const misnamedBlobs = (file: string, { files }: Parts): Mismatch[] =>
  [...files].flatMap(([path, { sha256 }]) => {
    const hex = /^blobs\/sha256\/(.+)$/.exec(path)?.[1];
    if (hex === undefined || `sha256:${hex}` === sha256) return [];
    return [{ file, field: path, claimed: `sha256:${hex}`, computed: sha256 }];
  });

/** The index's one image, under whatever names, and the platform that it is said to be for. */
async function lookAtIndex(file: string, part: FilePart, parts: Parts) {
  const name = `${file}: index.json`;
  const { value, mismatches } = await readJsonPart(part, name);
  const listed = listOf(value?.manifests);
  const digests = new Set(listed.map((each) => (isRecord(each) ? each.digest : undefined)));
  const several: Mismatch = {
    file: name,
    field: 'manifests',
    claimed: `${digests.size} images`,
    computed: 'one image',
  };
  const tops = listed.map((each, at) =>
    checkDescriptor(each, { file: name, field: `manifests[${at}]` }, manifestTypes, parts),
  );
  const [first] = listed;
  return {
    top: tops.find((each) => each.part !== undefined)?.part,
    platform: isRecord(first) ? first.platform : undefined,
    mismatches: [
      ...mismatches,
      ...(digests.size === 1 ? [] : [several]),
      ...tops.flatMap((each) => each.mismatches),
    ],
  };
}

/** The config's own words on the layer and the platform, held against the layer and the index. */
function checkConfig({ file, config, layer }: FoundImage, platform: unknown): Mismatch[] {
  if (config === undefined) return [];
  const { rootfs, os, architecture, variant } = config;
  const claimed = isRecord(rootfs) ? rootfs.diff_ids : undefined;
  const layers = layer === undefined ? [] : differences(claimed, [layer.diffId], 'rootfs.diff_ids');
  const stated = isRecord(platform) ? platform : { os, architecture, variant };
  const platforms = differences(stated, { os, architecture, variant }, 'manifests[0].platform');
  return [
    ...layers.map((each) => ({ file: `${file}: config`, ...each })),
    ...platforms.map((each) => ({ file: `${file}: index.json`, ...each })),
  ];
}

/** What of a manifest stands alone: its version, and that it has one layer. */
function checkManifest(file: string, { schemaVersion, layers }: JsonRecord): Mismatch[] {
  const count = listOf(layers).length;
  const version = { field: 'schemaVersion', claimed: brief(schemaVersion), computed: '2' };
  const number = { field: 'layers', claimed: `${count} layers`, computed: 'one layer' };
  return [
    ...(schemaVersion === 2 ? [] : [{ file, ...version }]),
    ...(count === 1 ? [] : [{ file, ...number }]),
  ];
}

async function lookAtManifest(
  file: string,
  top: FilePart,
  parts: Parts,
  signal: AbortSignal,
): Promise<Looked> {
  const name = `${file}: manifest`;
  const { value = {}, mismatches } = await readJsonPart(top, name);
  const configPlace = { file: name, field: 'config' };
  const layerPlace = { file: name, field: 'layers[0]' };
  const config = checkDescriptor(value.config, configPlace, configTypes, parts);
  const layer = checkDescriptor(listOf(value.layers)[0], layerPlace, layerTypes, parts);
  const settings = config.part && (await readJsonPart(config.part, `${file}: config`));
  const read = layer.part && (await readLayer(layer.part, `${file}: layer`, signal));
  const image = {
    file,
    manifestDigest: top.sha256,
    ...(config.part && { configDigest: config.part.sha256 }),
    ...(settings?.value && { config: settings.value }),
    ...(read?.layer && { layer: read.layer }),
  };
  const all = [checkManifest(name, value), config.mismatches, layer.mismatches];
  return {
    image,
    mismatches: [
      ...mismatches,
      ...all.flat(),
      ...(settings?.mismatches ?? []),
      ...(read?.mismatches ?? []),
    ],
  };
}

/**
 * An OCI image layout of one image of one layer (image-spec, image-layout.md), read as far as it can be.
 * Each claim in it is held against the bytes: digests, sizes, media types, layers and platform.
 */
export async function lookAtLayout(
  file: string,
  parts: Parts,
  signal: AbortSignal,
): Promise<Looked> {
  const misnamed = misnamedBlobs(file, parts);
  const part = parts.files.get('index.json');
  if (part === undefined) {
    const claimed = 'an OCI image layout';
    const missing = { file, field: 'index.json', claimed, computed: 'no such file' };
    return { image: { file }, mismatches: [...misnamed, missing] };
  }
  const index = await lookAtIndex(file, part, parts);
  const before = [...misnamed, ...index.mismatches];
  if (index.top === undefined) return { image: { file }, mismatches: before };
  const { image, mismatches } = await lookAtManifest(file, index.top, parts, signal);
  return { image, mismatches: [...before, ...mismatches, ...checkConfig(image, index.platform)] };
}

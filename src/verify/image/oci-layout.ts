import { isRecord, type JsonRecord, list, record } from '../../base/json.ts';
import { differences } from '../../base/json-differences.ts';
import { mostLayers } from '../../image/image-on-disk.ts';
import type { ArchiveFiles, FilePart } from '../../oci/archive-files.ts';
import { mediaTypes } from '../../oci/blob.ts';
import { readJsonPart } from '../json-file.ts';
import { brief, type Mismatch } from '../report.ts';
import { checkDescriptor } from './descriptor.ts';
import type { FoundImage, ReadImage } from './found-image.ts';
import { type ReadingOptions, readLayers } from './layers.ts';

/** Media types of layers; mkbase writes the first, other tools any of them. */
const layerTypes = [
  mediaTypes.layer,
  `${mediaTypes.layer}+gzip`,
  `${mediaTypes.layer}+zstd`,
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
];
const manifestTypes = [mediaTypes.manifest, 'application/vnd.docker.distribution.manifest.v2+json'];
const configTypes = [mediaTypes.config, 'application/vnd.docker.container.image.v1+json'];

/** Returns every blob whose name is not its own sha256. */
const misnamedBlobs = (file: string, { files }: ArchiveFiles): Mismatch[] =>
  [...files].flatMap(([path, { sha256 }]) => {
    const hex = /^blobs\/sha256\/(.+)$/.exec(path)?.[1];
    if (hex === undefined || `sha256:${hex}` === sha256) return [];
    return [{ file, field: path, claimed: `sha256:${hex}`, computed: sha256 }];
  });

/** Reads the index: its one image, under any number of names, and the platform that it claims. */
async function readIndex(file: string, part: FilePart, archive: ArchiveFiles) {
  const name = `${file}: index.json`;
  const { value, mismatches } = await readJsonPart(part, name);
  const listed = list(value?.manifests);
  const digests = new Set(listed.map((each) => record(each).digest));
  const several: Mismatch = {
    file: name,
    field: 'manifests',
    claimed: `${digests.size} images`,
    computed: 'one image',
  };
  const tops = listed.map((each, at) =>
    checkDescriptor(each, { file: name, field: `manifests[${at}]` }, manifestTypes, archive),
  );
  const [first] = listed;
  return {
    top: tops.find((each) => each.part !== undefined)?.part,
    platform: record(first).platform,
    mismatches: [
      ...mismatches,
      ...(digests.size === 1 ? [] : [several]),
      ...tops.flatMap((each) => each.mismatches),
    ],
  };
}

/** Checks the config's layers against those that were read, and the index's platform against the config. */
function checkConfig({ file, config, layers: found }: FoundImage, platform: unknown): Mismatch[] {
  if (config === undefined) return [];
  const { rootfs, os, architecture, variant } = config;
  const claimed = record(rootfs).diff_ids;
  const diffIds = found?.map(({ diffId }) => diffId);
  const layers = diffIds === undefined ? [] : differences(claimed, diffIds, 'rootfs.diff_ids');
  const stated = isRecord(platform) ? platform : { os, architecture, variant };
  const platforms = differences(stated, { os, architecture, variant }, 'manifests[0].platform');
  return [
    ...layers.map((each) => ({ file: `${file}: config`, ...each })),
    ...platforms.map((each) => ({ file: `${file}: index.json`, ...each })),
  ];
}

/** Checks a manifest's version, and that it has one layer or two. */
function checkManifest(file: string, { schemaVersion, layers }: JsonRecord): Mismatch[] {
  const count = list(layers).length;
  const version = { field: 'schemaVersion', claimed: brief(schemaVersion), computed: '2' };
  const number = { field: 'layers', claimed: `${count} layers`, computed: 'one layer or two' };
  return [
    ...(schemaVersion === 2 ? [] : [{ file, ...version }]),
    ...(count >= 1 && count <= mostLayers ? [] : [{ file, ...number }]),
  ];
}

async function readManifest(
  file: string,
  top: FilePart,
  archive: ArchiveFiles,
  reading: ReadingOptions,
  signal: AbortSignal,
): Promise<ReadImage> {
  const name = `${file}: manifest`;
  const { value = {}, mismatches } = await readJsonPart(top, name);
  const configPlace = { file: name, field: 'config' };
  const config = checkDescriptor(value.config, configPlace, configTypes, archive);
  const listed = list(value.layers).slice(0, mostLayers);
  const layers = (listed.length === 0 ? [undefined] : listed).map((each, at) =>
    checkDescriptor(each, { file: name, field: `layers[${at}]` }, layerTypes, archive),
  );
  const parts = layers.flatMap(({ part }) => (part === undefined ? [] : [part]));
  const settings = config.part && (await readJsonPart(config.part, `${file}: config`));
  const isWhole = parts.length === layers.length;
  const read = await readLayers(isWhole ? parts : [], file, reading, signal);
  const image = {
    file,
    manifestDigest: top.sha256,
    manifestSize: top.size,
    ...(config.part && { configDigest: config.part.sha256 }),
    ...(settings?.value && { config: settings.value }),
    ...(read.layer && { layer: read.layer }),
    ...(read.layers && { layers: read.layers }),
  };
  const all = [
    checkManifest(name, value),
    config.mismatches,
    ...layers.map(({ mismatches }) => mismatches),
  ];
  return {
    image,
    mismatches: [...mismatches, ...all.flat(), ...(settings?.mismatches ?? []), ...read.mismatches],
  };
}

/**
 * Reads an OCI image layout of one image of one layer or two (image-spec, image-layout.md) as far as it can be
 * read, and checks each claim in it against the bytes: digests, sizes, media types, layers and platform.
 */
export async function readOciLayout(
  file: string,
  archive: ArchiveFiles,
  reading: ReadingOptions,
  signal: AbortSignal,
): Promise<ReadImage> {
  const misnamed = misnamedBlobs(file, archive);
  const part = archive.files.get('index.json');
  if (part === undefined) {
    const claimed = 'an OCI image layout';
    const missing = { file, field: 'index.json', claimed, computed: 'no such file' };
    return { image: { file }, mismatches: [...misnamed, missing] };
  }
  const index = await readIndex(file, part, archive);
  const before = [...misnamed, ...index.mismatches];
  if (index.top === undefined) return { image: { file }, mismatches: before };
  const { image, mismatches } = await readManifest(file, index.top, archive, reading, signal);
  return { image, mismatches: [...before, ...mismatches, ...checkConfig(image, index.platform)] };
}

import { isRecord, type JsonRecord, list, record, text } from '../../base/json.ts';
import { differences } from '../../base/json-differences.ts';
import { mostLayers } from '../../image/image-on-disk.ts';
import type { ArchiveFiles, FilePart } from '../../oci/archive-files.ts';
import { readContent } from '../../tar/content.ts';
import { readJsonPart } from '../json-file.ts';
import { brief, type Mismatch } from '../report.ts';
import type { FoundImage, ReadImage } from './found-image.ts';
import { type ReadingOptions, readLayers } from './layers.ts';

/** Returns the digest in a config's file name: `<hex>.json`, or a path below `blobs/sha256`. */
const digestInName = (path: string): string =>
  `sha256:${path.replace(/^blobs\/sha256\//, '').replace(/\.json$/, '')}`;

/** Returns the one image of `manifest.json`, or a description of what is there in its place. */
async function entryIn(part: FilePart) {
  try {
    const entries: unknown = JSON.parse((await readContent(part)).toString('utf8'));
    const [entry, ...others] = list(entries);
    if (isRecord(entry) && others.length === 0) return { entry };
    return { problem: Array.isArray(entries) ? `${entries.length} images` : 'no list of images' };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** Finds the config and the layers that an entry names, and checks the digest in the config's name. */
function namedFiles(file: string, entry: JsonRecord, { files }: ArchiveFiles) {
  const { Config: configPath, Layers } = entry;
  const layers = list(Layers);
  const config = files.get(text(configPath));
  const parts = layers.slice(0, mostLayers).map((path) => files.get(text(path)));
  const wrong = (field: string, claimed: string, computed: string): Mismatch => ({
    file,
    field: `[0].${field}`,
    claimed,
    computed,
  });
  const absent = 'no such file in the archive';
  const digest = digestInName(text(configPath));
  const mismatches = [
    ...(layers.length >= 1 && layers.length <= mostLayers
      ? []
      : [wrong('Layers', `${layers.length} layers`, 'one layer or two')]),
    ...parts.flatMap((part, at) =>
      part ? [] : [wrong(`Layers[${at}]`, brief(layers[at]), absent)],
    ),
    ...(config ? [] : [wrong('Config', brief(configPath), absent)]),
    ...(config && config.sha256 !== digest ? [wrong('Config', digest, config.sha256)] : []),
  ];
  const found = parts.flatMap((part) => (part === undefined ? [] : [part]));
  return { config, parts: found.length === parts.length ? found : [], mismatches };
}

/** Checks the layers that a config names against those that are there. */
function checkLayers({ file, config, layers }: FoundImage): Mismatch[] {
  if (config === undefined || layers === undefined) return [];
  const claimed = record(config.rootfs).diff_ids;
  const diffIds = layers.map(({ diffId }) => diffId);
  const found = differences(claimed, diffIds, 'rootfs.diff_ids');
  return found.map((each) => ({ file: `${file}: config`, ...each }));
}

/**
 * Reads a Docker archive of one image of one layer or two, as `docker save` and `podman save` write it (Docker
 * image specification 1.2, "Combined Image JSON + Filesystem Changeset Format"), and checks each claim
 * in it against the bytes.
 */
export async function readDockerArchive(
  file: string,
  archive: ArchiveFiles,
  reading: ReadingOptions,
  signal: AbortSignal,
): Promise<ReadImage> {
  const name = `${file}: manifest.json`;
  const part = archive.files.get('manifest.json');
  const { entry, problem = 'nothing' } = part ? await entryIn(part) : {};
  if (entry === undefined) {
    const mismatch = { file: name, field: '', claimed: problem, computed: 'one image' };
    return { image: { file }, mismatches: [mismatch] };
  }
  const named = namedFiles(name, entry, archive);
  const config = named.config && (await readJsonPart(named.config, `${file}: config`));
  const read = await readLayers(named.parts, file, reading, signal);
  const image = {
    file,
    ...(named.config && { configDigest: named.config.sha256 }),
    ...(config?.value && { config: config.value }),
    ...(read.layer && { layer: read.layer }),
    ...(read.layers && { layers: read.layers }),
  };
  const all = [named.mismatches, config?.mismatches ?? [], read.mismatches];
  return { image, mismatches: [...all.flat(), ...checkLayers(image)] };
}

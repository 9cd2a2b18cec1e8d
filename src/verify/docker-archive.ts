import { isRecord } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import type { FilePart } from '../oci/read-layout.ts';
import { readContent } from '../tar/content.ts';
import type { Mismatch } from './check.ts';
import { brief } from './descriptors.ts';
import type { FoundImage } from './found-image.ts';
import { readJsonPart } from './json-part.ts';
import { readLayer } from './layer.ts';
import type { Looked } from './oci-layout.ts';
import type { Parts } from './parts.ts';

/** The digest that a config's file name states: `<hex>.json`, or a path below `blobs/sha256`. */
const stated = (path: string): string =>
  `sha256:${path.replace(/^blobs\/sha256\//, '').replace(/\.json$/, '')}`;

/** The one image of `manifest.json`, or what is there in its place. */
async function entryIn(part: FilePart) {
  try {
    const entries: unknown = JSON.parse((await readContent(part)).toString('utf8'));
    const [entry, ...others] = Array.isArray(entries) ? entries : [];
    if (isRecord(entry) && others.length === 0) return { entry };
    return { problem: Array.isArray(entries) ? `${entries.length} images` : 'no list of images' };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** The files that an entry names, as far as they are there and what their names say. */
function namedFiles(file: string, entry: Readonly<Record<string, unknown>>, { files }: Parts) {
  const { Config: configPath, Layers } = entry;
  const layers: readonly unknown[] = Array.isArray(Layers) ? Layers : [];
  const config = files.get(String(configPath));
  const layer = files.get(String(layers[0]));
  const wrong = (field: string, claimed: string, computed: string): Mismatch => ({
    file,
    field: `[0].${field}`,
    claimed,
    computed,
  });
  const absent = 'no such file in the archive';
  const digest = stated(String(configPath));
  const mismatches = [
    ...(layers.length === 1 ? [] : [wrong('Layers', `${layers.length} layers`, 'one layer')]),
    ...(layer ? [] : [wrong('Layers[0]', brief(layers[0]), absent)]),
    ...(config ? [] : [wrong('Config', brief(configPath), absent)]),
    ...(config && config.sha256 !== digest ? [wrong('Config', digest, config.sha256)] : []),
  ];
  return { config, layer, mismatches };
}

/** The layers that a config names, held against the one that is there. */
function checkLayers({ file, config, layer }: FoundImage): Mismatch[] {
  if (config === undefined || layer === undefined) return [];
  const claimed = isRecord(config.rootfs) ? config.rootfs.diff_ids : undefined;
  const found = differences(claimed, [layer.diffId], 'rootfs.diff_ids');
  return found.map((each) => ({ file: `${file}: config`, ...each }));
}

/**
 * A Docker archive of one image of one layer, as `docker save` and `podman save` write it (Docker image
 * specification 1.2, "Combined Image JSON + Filesystem Changeset Format").
 */
export async function lookAtDockerArchive(
  file: string,
  parts: Parts,
  signal: AbortSignal,
): Promise<Looked> {
  const name = `${file}: manifest.json`;
  const part = parts.files.get('manifest.json');
  const { entry, problem = 'nothing' } = part ? await entryIn(part) : {};
  if (entry === undefined) {
    const mismatch = { file: name, field: '', claimed: problem, computed: 'one image' };
    return { image: { file }, mismatches: [mismatch] };
  }
  const named = namedFiles(name, entry, parts);
  const config = named.config && (await readJsonPart(named.config, `${file}: config`));
  const read = named.layer && (await readLayer(named.layer, `${file}: layer`, signal));
  const image = {
    file,
    ...(named.config && { configDigest: named.config.sha256 }),
    ...(config?.value && { config: config.value }),
    ...(read?.layer && { layer: read.layer }),
  };
  const all = [named.mismatches, config?.mismatches ?? [], read?.mismatches ?? []];
  return { image, mismatches: [...all.flat(), ...checkLayers(image)] };
}

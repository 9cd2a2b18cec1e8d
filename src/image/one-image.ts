import { isEmpty, isRecord, type JsonRecord, list, record } from '../base/json.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import type { ArchiveFiles } from '../oci/archive-files.ts';
import { blobPath } from '../oci/blob.ts';
import {
  type FileProblem,
  indexProblems,
  jsonProblems,
  manifestProblems,
  markerProblems,
  memberProblems,
  parsedPart,
  unknownFields,
} from '../oci/one-meaning.ts';
import { configProblems } from './config-fields.ts';
import { legacyProblems } from './legacy-files.ts';
import { fullForm, parseReference } from './reference.ts';

/** The one image of an archive: `sha256:<hex>` of its blobs as they are stored. */
export interface FoundBlobs {
  /** A Docker archive has no manifest. */
  readonly manifest?: string;
  readonly config?: string;
  readonly layers: readonly string[];
}

/** Says of problems in which file of the archive they are. */
export const at = (file: string, problems: readonly Difference[]): FileProblem[] =>
  problems.map((each) => ({ file, ...each }));

/** Returns a name in its full form, or as it stands where it is none. */
function fullName(name: unknown): string {
  try {
    return fullForm(parseReference(String(name)));
  } catch {
    return String(name);
  }
}

/** Lists the names that an index gives its image, and refuses a tag that is not that of the name. */
export function namesInIndex(index: JsonRecord): { names: string[]; problems: Difference[] } {
  const names: string[] = [];
  const problems: Difference[] = [];
  for (const [number, each] of list(index.manifests).entries()) {
    const annotations = record(record(each).annotations);
    const { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag } =
      annotations;
    if (name === undefined) continue;
    const full = fullName(name);
    names.push(full);
    if (tag === undefined || full.endsWith(`:${tag}`) || fullName(tag) === full) continue;
    const field = `manifests[${number}].annotations.org.opencontainers.image.ref.name`;
    problems.push({ field, claimed: String(tag), computed: `the tag of ${full}` });
  }
  return { names, problems };
}

/** Checks where Docker 25 and newer say that a layer comes from: from its own blob. */
function sourceProblems(sources: unknown, files: ArchiveFiles['files']): Difference[] {
  return Object.entries(record(sources)).flatMap(([diffId, source]) => {
    const field = `[0].LayerSources.${diffId}`;
    const { digest, size } = record(source);
    const expected = { digest: diffId, size: files.get(blobPath(diffId))?.size };
    return [
      ...unknownFields(source, ['mediaType', 'digest', 'size'], field),
      ...differences({ digest, size }, expected, field),
    ];
  });
}

/**
 * Checks that `manifest.json`, which Docker reads, names the image that was found: in an archive that is an
 * OCI layout, too, the one of the index.
 */
function dockerProblems(
  entries: unknown,
  index: JsonRecord | undefined,
  { files }: ArchiveFiles,
  found: FoundBlobs,
): Difference[] {
  const [entry, ...more] = list(entries);
  if (!isRecord(entry) || more.length > 0) {
    return [
      { field: '', claimed: JSON.stringify(entries ?? null).slice(0, 80), computed: 'one image' },
    ];
  }
  const named = {
    Config: files.get(String(entry.Config))?.sha256,
    Layers: list(entry.Layers).map((path) => files.get(String(path))?.sha256),
  };
  const names = index && [...new Set(namesInIndex(index).names)].sort();
  const tags = [...new Set(list(entry.RepoTags).map(fullName))].sort();
  return [
    ...unknownFields(entry, ['Config', 'RepoTags', 'Layers', 'LayerSources', 'Parent'], '[0]'),
    ...(isEmpty(entry.Parent ?? '') ? [] : unknownFields({ Parent: entry.Parent }, [], '[0]')),
    ...differences(named, { Config: found.config, Layers: found.layers }, '[0]'),
    ...(names === undefined ? [] : differences(tags, names, '[0].RepoTags')),
    ...sourceProblems(entry.LayerSources, files),
  ];
}

/** Returns the files of an archive by which engines reach the image that was found in it. */
function reachedPaths(
  { files }: ArchiveFiles,
  found: FoundBlobs,
  entry: JsonRecord,
  isLayout: boolean,
): Set<string> {
  const { manifest, config, layers } = found;
  const digests = [manifest, config, ...layers].filter((each) => each !== undefined);
  const paths = [
    ...(isLayout ? ['oci-layout', 'index.json', ...digests.map(blobPath)] : []),
    'manifest.json',
    ...[entry.Config, ...list(entry.Layers)].map(String),
  ];
  return new Set(paths.filter((path) => files.has(path)));
}

/**
 * Returns every part of an archive or layout folder by which another reader could find another image than
 * the one that was found. Docker and podman take the last of two members or the first, one of two indexes,
 * and keys in any case. None for what mkbase, Docker, podman, skopeo and umoci write.
 */
export async function ambiguities(
  archive: ArchiveFiles,
  found: FoundBlobs,
): Promise<FileProblem[]> {
  const { files } = archive;
  const isLayout = files.has('index.json') || files.has('oci-layout');
  const part = (digest: string | undefined) => files.get(blobPath(digest ?? ''));
  const entries = await parsedPart(files.get('manifest.json'));
  const entry = record(list(entries)[0]);
  const configPart = part(found.config) ?? files.get(String(entry.Config));
  const config = record(await parsedPart(configPart));
  const problems = [
    ...at('manifest.json', await jsonProblems(files.get('manifest.json'))),
    ...at('config', [...(await jsonProblems(configPart)), ...configProblems(config)]),
  ];
  const index = record(await parsedPart(files.get('index.json')));
  if (isLayout) {
    const manifest = await parsedPart(part(found.manifest));
    const type = record(list(index.manifests)[0]).mediaType;
    problems.push(
      ...at('', await markerProblems(files.get('oci-layout'))),
      ...at('index.json', await jsonProblems(files.get('index.json'))),
      ...at('index.json', [...indexProblems(index, 'image'), ...namesInIndex(index).problems]),
      ...at('manifest', await jsonProblems(part(found.manifest))),
      ...at('manifest', manifestProblems(manifest, type, 'image')),
    );
  }
  if (files.has('manifest.json')) {
    const both = isLayout ? index : undefined;
    problems.push(...at('manifest.json', dockerProblems(entries, both, archive, found)));
  }
  const reached = reachedPaths(archive, found, entry, isLayout);
  const legacy = await legacyProblems(archive, { reached, entry, config });
  return [...problems, ...legacy.problems, ...at('', memberProblems(archive, legacy.reached))];
}

import { isUtf8 } from 'node:buffer';
import { isRecord, list, record } from '../base/json.ts';
import type { Difference } from '../base/json-differences.ts';
import { ambiguityIn, foldedKey } from '../base/unambiguous-json.ts';
import { readContent } from '../tar/content.ts';
import type { ArchiveFiles, FilePart } from './archive-files.ts';
import { layoutMarker } from './blob.ts';

/** Registries, too, refuse larger manifests and configs (image-spec and containerd: 4 MiB). */
export const largestJson = 4 * 1024 ** 2;

/** A problem of an archive, and the file of it that has the problem. */
export interface FileProblem extends Difference {
  /** For instance `manifest.json`; '' is the archive itself. */
  readonly file: string;
}

/** Parses a small JSON file; undefined for anything else. */
export async function parsedPart(part: FilePart | undefined): Promise<unknown> {
  if (part === undefined || part.size > largestJson) return undefined;
  try {
    return JSON.parse((await readContent(part)).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The files of a layout that stand outside its blobs and that some engine reads. */
const readByEngines =
  /^(?:oci-layout|index\.json|manifest\.json|repositories|version|blobs(?:\/.*)?)$/;

/** Ids of layers and images, as Docker archives name folders and files by them. */
const namedById = /^[0-9a-f]{64}(?:[./].*)?$/;

/**
 * Returns the members by which two readers could find two images: a name that stands twice, of which one
 * takes the first and another the last; links, which some follow and some skip; and files that nothing in
 * the image names, beyond `reached`. In a folder, files that no engine reads may lie beside the image.
 */
export function memberProblems(
  { files, others, twice, entries }: ArchiveFiles,
  reached: ReadonlySet<string>,
): Difference[] {
  const isRead = (path: string) =>
    entries !== undefined || readByEngines.test(path) || namedById.test(path);
  const unnamed = [...files.keys()].filter((path) => !reached.has(path) && isRead(path));
  const odd = [...others].filter(([path]) => !reached.has(path) && isRead(path));
  return [
    ...twice.map((field) => ({ field, claimed: 'a name that stands twice', computed: 'once' })),
    ...odd.map(([field, { kind }]) => ({ field, claimed: kind, computed: 'a regular file' })),
    ...unnamed.map((field) => ({
      field,
      claimed: 'a file',
      computed: 'nothing in the image names it',
    })),
  ];
}

/** Says whether a text is JSON; those who read it report one that is not. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns the first place of a JSON file at which two parsers could read two values. */
export async function jsonProblems(part: FilePart | undefined): Promise<Difference[]> {
  if (part === undefined || part.size > largestJson) return [];
  const bytes = await readContent(part);
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    return [{ field: '', claimed: 'other bytes', computed: 'UTF-8' }];
  }
  const found = isJson(text) ? ambiguityIn(text) : undefined;
  if (found === undefined) return [];
  const { field, problem } = found;
  return [{ field, claimed: `a part that ${problem}`, computed: 'JSON with one meaning' }];
}

/** Returns the keys that are none of the known ones; `{}` for a value that is no object. */
export function unknownFields(
  value: unknown,
  known: readonly string[],
  field: string,
): Difference[] {
  const names = Object.keys(record(value)).filter((name) => !known.includes(name));
  return names.map((name) => ({
    field: field === '' ? name : `${field}.${name}`,
    claimed: JSON.stringify(record(value)[name])?.slice(0, 80) ?? '',
    computed: 'nothing',
  }));
}

/**
 * Returns the keys that an engine reads as one of the known ones, as Go's encoding/json ignores case, and
 * that are another key for every other reader.
 */
export function caseVariants(
  value: unknown,
  known: readonly string[],
  field: string,
): Difference[] {
  const folded = new Set(known.map(foldedKey));
  return unknownFields(value, known, field).filter(({ field: name }) =>
    folded.has(foldedKey(field === '' ? name : name.slice(field.length + 1))),
  );
}

const descriptorFields = ['mediaType', 'digest', 'size'];

/** A kind of content of a layout: an image, or an artifact, which names its type and its parts. */
type Content = 'image' | 'artifact';

/** Checks an index (image-spec, image-index.md): no field beyond those of an index of manifests. */
export function indexProblems(index: unknown, content: Content): Difference[] {
  const own = content === 'image' ? ['annotations', 'platform'] : ['artifactType'];
  const known = ['schemaVersion', 'mediaType', 'manifests', 'annotations'];
  const { schemaVersion, mediaType, manifests } = record(index);
  const type = 'application/vnd.oci.image.index.v1+json';
  const wrong = (field: string, claimed: unknown, computed: string) => ({
    field,
    claimed: JSON.stringify(claimed) ?? 'nothing',
    computed,
  });
  return [
    ...(schemaVersion === 2 ? [] : [wrong('schemaVersion', schemaVersion, '2')]),
    ...(mediaType === undefined || mediaType === type ? [] : [wrong('mediaType', mediaType, type)]),
    ...unknownFields(index, known, ''),
    ...list(manifests).flatMap((each, at) => [
      ...unknownFields(each, [...descriptorFields, ...own], `manifests[${at}]`),
      ...caseVariants(record(each).platform, ['architecture', 'os', 'variant'], 'platform'),
    ]),
  ];
}

/**
 * Checks a manifest (image-spec, manifest.md): no field of another kind of document, such as `manifests`,
 * and no descriptor that brings bytes of its own (`data`), names another place for them (`urls`), or
 * another way to unpack them (annotations). `mediaType` is that of the descriptor which names the manifest.
 */
export function manifestProblems(
  manifest: unknown,
  mediaType: unknown,
  content: Content,
): Difference[] {
  const isArtifact = content === 'artifact';
  const known = ['schemaVersion', 'mediaType', 'config', 'layers', 'annotations'];
  const own = isArtifact ? [...descriptorFields, 'annotations'] : descriptorFields;
  const { mediaType: stated, config, layers } = record(manifest);
  const type = { field: 'mediaType', claimed: String(stated), computed: String(mediaType) };
  return [
    ...(stated === undefined || stated === mediaType ? [] : [type]),
    ...unknownFields(manifest, isArtifact ? [...known, 'artifactType'] : known, ''),
    ...unknownFields(config, descriptorFields, 'config'),
    ...list(layers).flatMap((each, at) => unknownFields(each, own, `layers[${at}]`)),
  ];
}

/** Checks the file that marks a layout (image-spec, image-layout.md). */
export async function markerProblems(part: FilePart | undefined): Promise<Difference[]> {
  const { name: field, text: computed } = layoutMarker;
  if (part === undefined) return [{ field, claimed: 'nothing', computed }];
  const text = part.size > 1024 ? '' : (await readContent(part)).toString('utf8');
  const claimed = text.slice(0, 80);
  try {
    const value: unknown = JSON.parse(text);
    const keys = Object.keys(record(value));
    if (isRecord(value) && keys.length === 1 && value.imageLayoutVersion === '1.0.0') return [];
  } catch {}
  return [{ field, claimed, computed }];
}

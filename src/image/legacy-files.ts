import { posix } from 'node:path';
import { isEmpty, isRecord, type JsonRecord, list, record } from '../base/json.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import type { ArchiveFiles, FilePart } from '../oci/archive-files.ts';
import { type FileProblem, jsonProblems, parsedPart } from '../oci/one-meaning.ts';
import { readContent } from '../tar/content.ts';

/** The image that the legacy files have to describe as well. */
interface Described {
  /** Paths of the archive that the image is reached by. */
  readonly reached: ReadonlySet<string>;
  /** Its entry of `manifest.json`. */
  readonly entry: JsonRecord;
  /** Its config. */
  readonly config: JsonRecord;
}

const filled = (value: unknown): JsonRecord =>
  Object.fromEntries(Object.entries(record(value)).filter(([, each]) => !isEmpty(each)));

/**
 * Checks the description of an image that Docker before 1.10 reads (Docker image specification 1.0): its
 * settings and platform are those of the config, and no other image is its parent. Of several layers each is
 * described, on the one below it, which is another of `ids`.
 */
async function descriptionProblems(
  part: FilePart,
  id: string | undefined,
  { config, entry }: Described,
  ids: (parent: string) => boolean,
): Promise<Difference[]> {
  const problems = await jsonProblems(part);
  const value = record(await parsedPart(part));
  const settings = value.config === undefined ? {} : filled(value.config);
  const wanted = value.config === undefined ? {} : filled(config.config);
  const { os = config.os, architecture = config.architecture, parent = '' } = value;
  const isBelow = list(entry.Layers).length > 1 && parent !== value.id && ids(String(parent));
  const stated = { id: value.id, os, architecture, parent, config: settings };
  const expected = { os: config.os, architecture: config.architecture, config: wanted };
  return [
    ...problems,
    ...differences(stated, { id: id ?? value.id, parent: isBelow ? parent : '', ...expected }),
  ];
}

/** Checks that `repositories` gives the image the names that `manifest.json` gives it. */
async function repositoriesProblems(part: FilePart, { entry }: Described): Promise<Difference[]> {
  const names = Object.entries(record(await parsedPart(part))).flatMap(([name, tags]) =>
    Object.keys(record(tags)).map((tag) => `${name}:${tag}`),
  );
  const wanted = list(entry.RepoTags).map(String);
  return [...(await jsonProblems(part)), ...differences(names.sort(), [...wanted].sort(), 'names')];
}

async function versionProblems(part: FilePart): Promise<Difference[]> {
  const text = part.size > 16 ? '' : (await readContent(part)).toString('utf8').trim();
  return text === '1.0' ? [] : [{ field: '', claimed: text, computed: '1.0' }];
}

/** Returns whether a blob is the description that `docker save` adds since 25, and nothing else. */
async function isDescription(part: FilePart): Promise<boolean> {
  const value = await parsedPart(part);
  const others = 'rootfs layers manifests schemaVersion mediaType'.split(' ');
  return (
    isRecord(value) &&
    /^[0-9a-f]{64}$/.test(String(value.id)) &&
    !others.some((name) => name in value)
  );
}

/** Returns whether a member is another name or a copy of one of the image's layers. */
function isLayer(path: string, { files, others }: ArchiveFiles, { entry }: Described): boolean {
  const layers = list(entry.Layers).map(String);
  const link = others.get(path);
  if (link?.kind === 'a symbolic link') {
    return layers.includes(posix.join(posix.dirname(path), link.target ?? ''));
  }
  const { sha256 } = files.get(path) ?? {};
  return sha256 !== undefined && layers.some((layer) => files.get(layer)?.sha256 === sha256);
}

/**
 * Checks the files of a Docker archive that only a Docker before 1.10 reads, and that every engine reads
 * where `manifest.json` is gone: `repositories`, and for each layer a folder with `json`, `VERSION` and
 * `layer.tar`. Returns the paths that belong to the image besides those that were reached already.
 */
export async function legacyProblems(
  archive: ArchiveFiles,
  image: Described,
): Promise<{ readonly problems: readonly FileProblem[]; readonly reached: ReadonlySet<string> }> {
  const { files, others } = archive;
  const reached = new Set(image.reached);
  const problems: FileProblem[] = [];
  if (!files.has('manifest.json')) return { problems, reached };
  const add = (file: string, found: readonly Difference[]) => {
    reached.add(file);
    problems.push(...found.map((each) => ({ file, ...each })));
  };
  for (const path of [...files.keys(), ...others.keys()]) {
    if (reached.has(path)) continue;
    const [, id, name] = /^([0-9a-f]{64})\/(json|VERSION|layer\.tar)$/.exec(path) ?? [];
    const part = files.get(path);
    if (name === 'layer.tar' && isLayer(path, archive, image)) reached.add(path);
    if (part === undefined) continue;
    if (path === 'repositories') add(path, await repositoriesProblems(part, image));
    if (name === 'VERSION') add(path, await versionProblems(part));
    if (name === 'json') {
      const isDescribed = (parent: string) => files.has(`${parent}/json`);
      add(path, await descriptionProblems(part, id, image, isDescribed));
    }
    if (/^blobs\/sha256\/[0-9a-f]{64}$/.test(path) && (await isDescription(part))) {
      const isId = (parent: string) => /^[0-9a-f]{64}$/.test(parent);
      add(path, await descriptionProblems(part, undefined, image, isId));
    }
  }
  return { problems, reached };
}

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { list, record } from '../base/json.ts';
import { readRegular } from '../base/regular-file.ts';
import { mostBytesOf } from '../evidence/file-limits.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import { parseSums } from '../evidence/sums.ts';
import type { ArtifactFile, Attachment } from '../registry/artifact.ts';
import { blobFromFile } from '../registry/file-source.ts';
import { hashFile } from '../verify/image/archive-files.ts';
import { rebuildFiles } from '../verify/rebuild/check-statement.ts';
import { type EvidenceType, evidenceType, titleAnnotation, typeOf } from './evidence-types.ts';

/** A file of evidence, ready to be attached. */
interface EvidenceFile {
  readonly name: string;
  readonly type: EvidenceType;
  readonly file: ArtifactFile;
}

const changed = (path: string) =>
  new MkbaseError({
    code: 'MISMATCH',
    message: `${path} is not what ${evidenceNames.sums} beside it says, and was not attached.`,
    hint: 'Build again: the evidence was changed after the build.',
  });

/** Reads the names and digests of the files that a build or a signature left, by SHA256SUMS. */
async function listedIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const path = join(folder, evidenceNames.sums);
  const bytes = await readRegular(path, { most: mostBytesOf(evidenceNames.sums) });
  const { sums } = parseSums(bytes?.toString('utf8') ?? '');
  return new Map(sums.map(({ name, sha256 }) => [name, sha256]));
}

/** Returns the names of a rebuild's statement and its signature, where they are about this evidence. */
async function rebuildNames(folder: string, provenance: string | undefined): Promise<string[]> {
  const { statement, bundle } = rebuildFiles;
  const bytes = await readRegular(join(folder, statement), { most: mostBytesOf(statement) });
  if (bytes === undefined || provenance === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return [];
  }
  const from = list(record(record(value).predicate).from).map(record);
  const about = from.find(({ name }) => name === evidenceNames.provenance);
  return record(about?.digest).sha256 === provenance ? [statement, bundle] : [];
}

async function evidenceFile(
  folder: string,
  name: string,
  expected: string | undefined,
  signal: AbortSignal,
): Promise<EvidenceFile[]> {
  const type = typeOf(name);
  const path = join(folder, name);
  const sha256 = type && (await hashFile(path, signal));
  if (type === undefined || (sha256 === undefined && expected === undefined)) return [];
  if (sha256 === undefined || (expected !== undefined && sha256 !== expected)) throw changed(path);
  const { size } = await lstat(path);
  const source = blobFromFile(path, { digest: `sha256:${sha256}`, size });
  const annotations = { [titleAnnotation]: name, ...type.fileAnnotations };
  return [{ name, type, file: { ...source, mediaType: type.mediaType, annotations } }];
}

const alone = ({ type, file }: EvidenceFile): Attachment[] => {
  const { artifactType, annotations } = type;
  if (artifactType === undefined) return [];
  return [{ artifactType, ...(annotations && { annotations }), files: [file] }];
};

/**
 * Returns the evidence in a folder as it is attached to its image: each file that other tools look for by itself,
 * and all files together for `mkbase verify`. Files that SHA256SUMS does not list, as signatures over an earlier
 * build, are left out. Errors: MISMATCH for one that was changed, IO.
 */
export async function attachmentsIn(folder: string, signal: AbortSignal): Promise<Attachment[]> {
  const sums = await listedIn(folder);
  const rebuild = await rebuildNames(folder, sums.get(evidenceNames.provenance));
  const files: EvidenceFile[] = [];
  for (const name of [...sums.keys(), ...rebuild].sort()) {
    files.push(...(await evidenceFile(folder, name, sums.get(name), signal)));
  }
  if (files.length === 0) return [];
  const together = { artifactType: evidenceType, files: files.map(({ file }) => file) };
  return [...files.flatMap(alone), together];
}

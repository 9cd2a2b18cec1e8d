import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Io } from '../base/events.ts';
import { list, record, text } from '../base/json.ts';
import { mostBytesOf } from '../evidence/file-limits.ts';
import { evidenceNames } from '../evidence/file-names.ts';
import { sumsText } from '../evidence/sums.ts';
import type { Descriptor } from '../oci/blob.ts';
import { registryCorrupt } from '../registry/failure.ts';
import { rebuildFiles } from '../verify/rebuild/check-statement.ts';
import type { Content } from './content.ts';
import { evidenceType, titleAnnotation, typeOf } from './evidence-types.ts';
import { descriptorIn } from './fetch-image.ts';

/** Evidence that is attached to an image, as its artifact lists it. */
export interface EvidenceSet {
  /** Digest of the artifact. */
  readonly digest: string;
  /** Blobs by the names of the files. */
  readonly files: ReadonlyMap<string, Descriptor>;
}

/** More sets than builds and signatures leave on one image; others are not looked at. */
const mostSets = 50;

/** Reads the files of an artifact; a name that no evidence has is refused. REGISTRY_CORRUPT. */
function filesOf(layers: unknown, where: string): ReadonlyMap<string, Descriptor> {
  const files = new Map<string, Descriptor>();
  for (const [at, layer] of list(layers).entries()) {
    const blob = descriptorIn(layer, `${where}: layers[${at}]`);
    const name = text(record(record(layer).annotations)[titleAnnotation]);
    if (typeOf(name) === undefined || files.has(name) || blob.size > mostBytesOf(name)) {
      throw registryCorrupt(
        `${where}: ${JSON.stringify(name.slice(0, 100))} is no file of evidence, stands there twice or is too large.`,
      );
    }
    files.set(name, blob);
  }
  return files;
}

async function readSet(
  content: Content,
  digest: string,
  subject: string,
  io: Io,
): Promise<EvidenceSet[]> {
  const found = await content.manifest({ digest }, io);
  const where = `${content.name}@${digest}`;
  const isAbout = record(found?.value.subject).digest === subject;
  if (found === undefined || !isAbout || found.value.artifactType !== evidenceType) return [];
  return [{ digest, files: filesOf(found.value.layers, where) }];
}

/** Tells whether all files of a set are in another, larger one. */
const isWithin = (set: EvidenceSet, other: EvidenceSet): boolean =>
  other.files.size > set.files.size &&
  [...set.files].every(([name, { digest }]) => other.files.get(name)?.digest === digest);

/**
 * Lists the evidence that is attached to an image, without those sets that another one holds whole: a signature
 * adds files to what a build attached. REGISTRY_*.
 */
export async function evidenceSets(
  content: Content,
  subject: string,
  io: Io,
): Promise<EvidenceSet[]> {
  const referrers = await content.referrers(subject, io);
  const ours = referrers.filter(({ artifactType }) => artifactType === evidenceType);
  const sets: EvidenceSet[] = [];
  for (const { digest } of ours.slice(0, mostSets)) {
    sets.push(...(await readSet(content, digest, subject, io)));
  }
  return sets.filter((set) => !sets.some((other) => isWithin(set, other)));
}

/**
 * Fetches a set of evidence into a new folder. SHA256SUMS is written anew from the digests, against which each
 * file was checked. Errors: REGISTRY_*, IO, NO_SPACE, INTERRUPTED.
 */
export async function fetchEvidence(
  content: Content,
  { files }: EvidenceSet,
  folder: string,
  io: Io,
): Promise<void> {
  await mkdir(join(folder, evidenceNames.trust), { recursive: true });
  for (const [name, blob] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await content.fetch(blob, path, () => {}, io);
  }
  const unlisted: readonly string[] = Object.values(rebuildFiles);
  const sums = [...files]
    .filter(([name]) => !unlisted.includes(name))
    .map(([name, { digest }]) => ({ name, sha256: digest.replace('sha256:', '') }));
  await writeFile(join(folder, evidenceNames.sums), sumsText(sums));
}

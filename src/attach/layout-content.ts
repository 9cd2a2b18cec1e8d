import { createHash } from 'node:crypto';
import type { Io } from '../base/events.ts';
import { sha256OfStream } from '../base/hash.ts';
import { isRecord, list, record, text } from '../base/json.ts';
import { type ArchiveFiles, bytesOf, type FilePart, type HashRange } from '../oci/archive-files.ts';
import { blobPath, type Descriptor } from '../oci/blob.ts';
import { largestJson, parsedPart } from '../oci/one-meaning.ts';
import { openLayout } from '../oci/read-layout.ts';
import { registryCorrupt } from '../registry/failure.ts';
import { type FoundManifest, manifestIn } from '../registry/manifests.ts';
import { type Referrer, referrersIn } from '../registry/referrers.ts';
import { writeNewFile } from '../store/write-whole-file.ts';
import { readContent } from '../tar/content.ts';
import type { Content, Which } from './content.ts';

/** The annotation by which a layout names its images (image-spec, annotations.md). */
export const refName = 'org.opencontainers.image.ref.name';

/** Stands for the digest of a blob that is hashed when it is used: one that can be no manifest. */
const unread = 'sha256:';

/** Hashes what can be a manifest, and reads nothing of what is larger. */
const hashSmall: HashRange = async (bytes, { size }) =>
  size <= largestJson ? sha256OfStream(bytes) : '';

const damaged = (name: string, expected: string, found: string) =>
  registryCorrupt(
    `${name}: another blob lies under a digest.\n  expected ${expected}\n  found    ${found}`,
    'Copy or build it again: the layout is damaged.',
  );

/** Returns the blob of a digest, if the layout holds it. REGISTRY_CORRUPT if its bytes are others. */
function partOf(name: string, { files }: ArchiveFiles, digest: string): FilePart | undefined {
  const part = files.get(blobPath(digest));
  if (part === undefined || part.sha256 === digest || part.sha256 === unread) return part;
  throw damaged(name, digest, part.sha256);
}

/** Streams a blob and keeps its last bytes back until its digest is known. REGISTRY_CORRUPT. */
async function* checkedBytes(name: string, part: FilePart, digest: string) {
  const hash = createHash('sha256');
  let left = part.size;
  for await (const chunk of bytesOf(part)) {
    hash.update(chunk);
    left -= chunk.length;
    if (left === 0) {
      const found = `sha256:${hash.digest('hex')}`;
      if (found !== digest) throw damaged(name, digest, found);
    }
    yield chunk;
  }
}

async function manifestOf(
  name: string,
  files: ArchiveFiles,
  { digest, mediaType }: Pick<Descriptor, 'digest' | 'mediaType'>,
): Promise<FoundManifest | undefined> {
  const part = partOf(name, files, digest);
  if (part === undefined) return undefined;
  if (part.size > largestJson)
    throw registryCorrupt(`${name}@${digest}: it has ${part.size} bytes.`);
  return manifestIn(await readContent(part), mediaType, `${name}@${digest}`);
}

/** Lists the entries of index.json. */
const listed = async ({ files }: ArchiveFiles) =>
  list(record(await parsedPart(files.get('index.json'))).manifests).filter(isRecord);

/**
 * Finds the entry that a tag means: the one of that name, else the only one that is an image and refers to
 * nothing.
 */
async function taggedIn(
  name: string,
  files: ArchiveFiles,
  tag: string,
): Promise<string | undefined> {
  const entries = await listed(files);
  const named = entries.find(({ annotations }) => record(annotations)[refName] === tag);
  if (named !== undefined) return text(named.digest);
  const images: string[] = [];
  for (const { digest } of entries) {
    const found = await manifestOf(name, files, { digest: text(digest), mediaType: '' });
    if (found !== undefined && !('subject' in found.value)) images.push(found.digest);
  }
  const [first, ...others] = new Set(images);
  return tag === 'latest' && others.length === 0 ? first : undefined;
}

/** Finds the manifests in index.json that refer to another. */
async function referrersOf(
  name: string,
  files: ArchiveFiles,
  subject: string,
): Promise<readonly Referrer[]> {
  const found: Referrer[] = [];
  for (const entry of referrersIn(await listed(files))) {
    const manifest = await manifestOf(name, files, entry);
    if (record(manifest?.value.subject).digest !== subject) continue;
    const artifactType = text(manifest?.value.artifactType) || entry.artifactType;
    found.push({ ...entry, artifactType });
  }
  return found;
}

function partFor(name: string, files: ArchiveFiles, { digest, size }: Descriptor): FilePart {
  const part = partOf(name, files, digest);
  if (part !== undefined && part.size === size) return part;
  throw registryCorrupt(
    `${name} does not hold the blob ${digest} of ${size} bytes.`,
    'Copy or build it again: the layout is damaged.',
  );
}

/** Reads an OCI image layout, a folder or an archive, as content. Errors: ARCHIVE_REFUSED, IO. */
export async function layoutContent(path: string, name: string, io: Io): Promise<Content> {
  const files = await openLayout(path, io.signal, hashSmall);
  return {
    name,
    async manifest(which: Which) {
      const digest = 'digest' in which ? which.digest : await taggedIn(name, files, which.tag);
      return digest === undefined ? undefined : manifestOf(name, files, { digest, mediaType: '' });
    },
    referrers: (digest) => referrersOf(name, files, digest),
    async fetch(blob, to, onBytes, { signal }) {
      const part = partFor(name, files, blob);
      await writeNewFile(to, checkedBytes(name, part, blob.digest), signal);
      onBytes(blob.size);
    },
    source(blob) {
      const part = partFor(name, files, blob);
      const { digest, size } = blob;
      return {
        digest,
        size,
        bytes: () => (size === 0 ? new Uint8Array() : checkedBytes(name, part, digest)),
      };
    },
  };
}

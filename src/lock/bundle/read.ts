import { realpath } from 'node:fs/promises';
import { interrupted, ioError, MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { isRecord, type JsonRecord } from '../../base/json.ts';
import { type ArchiveFiles, bytesOf, type FilePart } from '../../oci/archive-files.ts';
import { blobPath, mediaTypes } from '../../oci/blob.ts';
import {
  indexProblems,
  jsonProblems,
  manifestProblems,
  markerProblems,
  memberProblems,
} from '../../oci/one-meaning.ts';
import { openLayout, readJsonObject } from '../../oci/read-layout.ts';
import type { Store } from '../../store/store.ts';
import { parseLock } from '../lock-file.ts';
import type { Lock } from '../schema.ts';
import { bundleTypes, titleAnnotation } from './write.ts';

/** Largest manifest or lock in bytes: both are held in memory. */
const largestDocument = 64 * 1024 ** 2;

function refuse(file: string, why: string, cause?: unknown): never {
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${file} is not a whole bundle of inputs: ${why}.`,
    hint: 'Copy it again from where it was made, or make it anew with `mkbase bundle`.',
    cause,
  });
}

async function textOf(part: FilePart, source: string, what: string): Promise<string> {
  if (part.size > largestDocument) refuse(source, `its ${what} has ${part.size} bytes`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(part)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const jsonOf = (part: FilePart, source: string, what: string) =>
  readJsonObject(part, largestDocument, (why, cause) =>
    refuse(source, `its ${what} ${why}`, cause),
  );

/** Reads the blob that a descriptor names and checks it against the descriptor's digest. */
function blobOf({ files }: ArchiveFiles, descriptor: unknown, source: string, what: string) {
  const digest = isRecord(descriptor) ? descriptor.digest : undefined;
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return refuse(source, `its ${what} is named by no sha256 digest`);
  }
  const part = files.get(blobPath(digest));
  if (part === undefined) return refuse(source, `it lacks its ${what}, ${digest}`);
  if (part.sha256 !== digest) {
    refuse(source, `its ${what} was changed: expected ${digest}, computed ${part.sha256}`);
  }
  const { size } = descriptor as JsonRecord;
  if (part.size !== size) {
    refuse(source, `its ${what} has another size: expected ${size}, found ${part.size} bytes`);
  }
  return part;
}

const titleOf = (layer: unknown): string => {
  const annotations = isRecord(layer) ? layer.annotations : undefined;
  const title = isRecord(annotations) ? annotations[titleAnnotation] : undefined;
  return typeof title === 'string' && /^[^\p{Cc}]{1,200}$/u.test(title) ? title : 'input';
};

/** Throws SOURCE_CORRUPT for a bundle that another reader could read as another one. */
async function refuseAmbiguous(
  archive: ArchiveFiles,
  documents: { readonly index: JsonRecord; readonly manifest: JsonRecord },
  parts: readonly FilePart[],
  source: string,
): Promise<void> {
  const { files } = archive;
  const { index, manifest } = documents;
  const names = ['oci-layout', 'index.json', ...parts.map(({ sha256 }) => blobPath(sha256))];
  const [first] = [
    ...memberProblems(archive, new Set(names)),
    ...(await markerProblems(files.get('oci-layout'))),
    ...(await jsonProblems(files.get('index.json'))),
    ...indexProblems(index, 'artifact'),
    ...(await jsonProblems(parts[0])),
    ...(await jsonProblems(parts[1])),
    ...manifestProblems(manifest, mediaTypes.manifest, 'artifact'),
  ];
  if (first === undefined) return;
  const { field, claimed, computed } = first;
  refuse(source, `${field} is ${claimed}; expected ${computed}`);
}

async function takeInputs(file: string, store: Store, io: Io): Promise<Lock> {
  // A link that a person named is followed; one in the folder is not.
  const archive = await openLayout(await realpath(file), io.signal);
  const index = archive.files.get('index.json');
  if (index === undefined) return refuse(file, 'it holds no index.json');
  const document = await jsonOf(index, file, 'index');
  const { manifests } = document;
  if (!Array.isArray(manifests) || manifests.length !== 1) {
    return refuse(file, 'its index names not exactly one manifest');
  }
  const top = blobOf(archive, manifests[0], file, 'manifest');
  const manifest = await jsonOf(top, file, 'manifest');
  if (
    manifest.mediaType !== mediaTypes.manifest ||
    manifest.artifactType !== bundleTypes.artifact
  ) {
    return refuse(file, `it holds ${String(manifest.artifactType ?? manifest.mediaType)}`);
  }
  const config = blobOf(archive, manifest.config, file, 'lock');
  const lock = parseLock(await textOf(config, file, 'lock'), `the lock in ${file}`);
  const layers = Array.isArray(manifest.layers) ? manifest.layers : [];
  const parts = layers.map((layer) => blobOf(archive, layer, file, titleOf(layer)));
  await refuseAmbiguous(archive, { index: document, manifest }, [top, config, ...parts], file);
  for (const part of parts) {
    await store.write(bytesOf(part), part.sha256.replace('sha256:', ''));
    if (io.signal.aborted) throw interrupted(io.signal);
  }
  return lock;
}

/**
 * Takes a bundle (an archive or folder that `writeBundle` made) into the store, each input held
 * against its digest, and returns the lock that it was made for. Errors: SOURCE_CORRUPT naming what
 * is damaged or missing, LOCK_INVALID, ARCHIVE_REFUSED, IO, NO_SPACE.
 */
export async function takeBundle(file: string, store: Store, io: Io): Promise<Lock> {
  try {
    return await takeInputs(file, store, io);
  } catch (error) {
    throw io.signal.aborted ? interrupted(io.signal) : ioError(error, 'reading', file);
  }
}

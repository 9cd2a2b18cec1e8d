import { stat } from 'node:fs/promises';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import {
  type Blob,
  blobPath,
  describe,
  jsonBlob,
  layoutMarker,
  mediaTypes,
  sha256,
} from '../../oci/blob.ts';
import { stage } from '../../store/staging.ts';
import type { Store } from '../../store/store.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import type { Entry } from '../../tar/entry.ts';
import { rootFile } from '../../tar/root-entry.ts';
import { writeTar } from '../../tar/write.ts';
import type { NamedBlob } from '../inputs.ts';
import { lockText } from '../lock-file.ts';
import type { Lock } from '../schema.ts';

/**
 * A bundle of inputs is an OCI artifact in an OCI image layout (image-spec 1.1, image-layout.md and
 * manifest.md, "Guidelines for Artifact Usage"): the lock is its config, every input and signed index
 * one layer, named by its title.
 */
export const bundleTypes = {
  artifact: 'application/vnd.mkbase.inputs.v1',
  lock: 'application/vnd.mkbase.lock.v2+json',
  input: 'application/octet-stream',
} as const;

/** The annotation that names a layer (image-spec, annotations.md). */
export const titleAnnotation = 'org.opencontainers.image.title';

/** A stored input whose hash has just been checked. */
interface StoredInput extends NamedBlob {
  readonly file: string;
  readonly size: number;
}

async function stored(inputs: readonly NamedBlob[], store: Store, io: Io): Promise<StoredInput[]> {
  const found: StoredInput[] = [];
  for (const input of inputs) {
    if (!(await store.verify(input.sha256, io))) throw notStored(input);
    const file = store.pathOf(input.sha256);
    found.push({ ...input, file, size: (await stat(file)).size });
  }
  return found.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

const notStored = ({ name }: NamedBlob) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `The store does not hold ${name}, which the lock names.`,
    hint: 'Pin anew with `mkbase update`; a lock that another cache made knows indexes that this one never saw.',
  });

function manifestOf(lock: Blob, inputs: readonly StoredInput[]): Blob {
  return jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: bundleTypes.artifact,
    config: describe(lock),
    layers: inputs.map(({ sha256: digest, size, name }) => ({
      mediaType: bundleTypes.input,
      digest: `sha256:${digest}`,
      size,
      annotations: { [titleAnnotation]: name },
    })),
  });
}

function entriesOf(lock: Lock, inputs: readonly StoredInput[]): Entry[] {
  const bytes = Buffer.from(lockText(lock));
  const config: Blob = { mediaType: bundleTypes.lock, digest: sha256(bytes), bytes };
  const manifest = manifestOf(config, inputs);
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...describe(manifest), artifactType: bundleTypes.artifact }],
  });
  return [
    // These come first, so that a reader knows what the rest is.
    rootFile(layoutMarker.name, Buffer.from(layoutMarker.text)),
    rootFile('index.json', index.bytes),
    ...[manifest, config].map((blob) => rootFile(blobPath(blob.digest), blob.bytes)),
    ...inputs.map(({ sha256: digest, file, size }) =>
      rootFile(blobPath(`sha256:${digest}`), { file, offset: 0, size }),
    ),
  ];
}

/**
 * Writes a bundle to `dest` (absolute), whole or not at all; the same lock gives the same bytes.
 * Resolves to its size in bytes. Errors: SOURCE_CORRUPT when an input is not in the store, IO,
 * NO_SPACE.
 */
export async function writeBundle(
  lock: Lock,
  inputs: readonly NamedBlob[],
  dest: string,
  store: Store,
  io: Io,
): Promise<number> {
  const entries = entriesOf(lock, await stored(inputs, store, io));
  const staged = await stage(dest, 'file', (path) =>
    writeNewFile(path, writeTar(entries, { reuseMemory: true }), io.signal),
  );
  try {
    await staged.commit();
  } finally {
    await staged.discard();
  }
  return (await stat(dest)).size;
}

import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Image } from '../../image/image.ts';
import { shortForm } from '../../image/reference.ts';
import type {
  ArrivingImage,
  Begun,
  OutputRequest,
  OutputTarget,
  StagedOutput,
} from '../contract.ts';
import {
  checkImported,
  discardImage,
  importImage,
  importTar,
} from '../image-store/import-image.ts';
import { lookUp, publish } from '../image-store/publish.ts';

/** Begins the import of an image while its tar is being written; undefined without a store. */
export async function beginImport(
  image: ArrivingImage,
  { store }: OutputTarget,
  io: Io,
): Promise<Begun | undefined> {
  if (store === undefined) return undefined;
  const stop = new AbortController();
  const signal = AbortSignal.any([io.signal, stop.signal]);
  const importing = importTar(image, image.bytes(), store, { ...io, signal });
  importing.catch(() => undefined);
  let isTaken = false;
  return {
    take() {
      isTaken = true;
      return importing;
    },
    async discard() {
      if (isTaken) return;
      stop.abort();
      const imageId = await importing.catch(() => undefined);
      if (imageId !== undefined) await discardImage(imageId, store, io);
    },
  };
}

/** Imports an image into the engine's store without a tag. USAGE without a store; IMAGE_MISMATCH. */
export async function stageImport(
  image: Image,
  { type }: OutputRequest,
  { store, references }: OutputTarget,
  io: Io,
  begun?: Begun,
): Promise<StagedOutput> {
  if (store === undefined) {
    throw new MkbaseError({
      code: 'USAGE',
      message: `--output type=${type} needs an engine with an image store, and this one has none.`,
      hint: 'Start Docker or podman, or use --output type=oci.',
    });
  }
  const tags = references.map(shortForm);
  // Side by side: each question to an engine costs the start of its CLI.
  const [imported, taggings] = await Promise.allSettled([
    begun
      ? begun.take().then((id) => checkImported(id, image, store, io))
      : importImage(image, store, io),
    lookUp(tags, store, io),
  ]);
  if (imported.status === 'rejected') throw imported.reason;
  const imageId = imported.value;
  if (taggings.status === 'rejected') {
    await discardImage(imageId, store, io);
    throw taggings.reason;
  }
  return {
    output: { type, dest: tags[0] ?? imageId },
    imageId,
    commit: () => publish(imageId, taggings.value, store, io),
    discard: () => discardImage(imageId, store, io),
  };
}

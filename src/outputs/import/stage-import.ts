import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Image } from '../../image/image.ts';
import { shortForm } from '../../image/reference.ts';
import type { OutputRequest, OutputTarget, StagedOutput } from '../contract.ts';
import { discardImage, importImage } from '../image-store/import-image.ts';
import { lookUp, publish } from '../image-store/publish.ts';

/** Imports an image into the engine's store without a tag. USAGE without a store; IMAGE_MISMATCH. */
export async function stageImport(
  image: Image,
  { type }: OutputRequest,
  { store, references }: OutputTarget,
  io: Io,
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
    importImage(image, store, io),
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

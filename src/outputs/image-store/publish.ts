import { cleanupIo, quietly } from '../../base/cleanup.ts';
import type { Io } from '../../base/events.ts';
import type { ImageStore, StoredImage } from '../../engines/image-store.ts';
import { recipeLabel } from '../../image/process-config.ts';

/** A tag that an image is about to take. */
export interface Tagging {
  readonly tag: string;
  /** The image that the tag pointed at before. */
  readonly before: StoredImage | undefined;
}

/** Points the tags back at their images of before, and removes those that were not there. */
async function restore(done: readonly Tagging[], store: ImageStore, io: Io): Promise<void> {
  for (const { tag, before } of done) {
    const restoring = before
      ? store.tag(before.id, tag, cleanupIo(io))
      : store.untag(tag, cleanupIo(io));
    await quietly(restoring);
  }
}

/**
 * Removes images of mkbase that lost their last tag to this one: otherwise every edit would leave one
 * behind. An image without mkbase's label, with another tag or with a container stays.
 */
async function removeReplaced(
  imageId: string,
  taggings: readonly Tagging[],
  store: ImageStore,
  io: Io,
): Promise<void> {
  const replaced = taggings
    .map(({ before }) => before)
    .filter((image) => image !== undefined && image.id !== imageId && recipeLabel in image.labels);
  for (const id of new Set(replaced.map((image) => image!.id))) {
    await quietly(store.removeUntagged(id, cleanupIo(io)));
  }
}

/** Looks up the images that tags (`name:tag`) point at now. */
export const lookUp = (
  tags: readonly string[],
  store: ImageStore,
  io: Io,
): Promise<readonly Tagging[]> =>
  Promise.all(tags.map(async (tag) => ({ tag, before: await store.inspect(tag, io) })));

/**
 * Tags an image that has been checked and tested. When one tag cannot be set, those already moved go
 * back to where they were, and it throws.
 */
export async function publish(
  imageId: string,
  taggings: readonly Tagging[],
  store: ImageStore,
  io: Io,
): Promise<void> {
  const done: Tagging[] = [];
  try {
    for (const tagging of taggings) {
      await store.tag(imageId, tagging.tag, io);
      done.push(tagging);
    }
  } catch (error) {
    await restore(done, store, io);
    throw error;
  }
  await removeReplaced(imageId, taggings, store, io);
}

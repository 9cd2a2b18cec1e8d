import type { Io } from '../base/events.ts';
import type { RunnableImage } from '../engines/engine.ts';
import type { ImageStore } from '../engines/image-store.ts';
import type { Image } from '../image/image.ts';
import { parseReference } from '../image/reference.ts';
import { visitStore } from './import/visit-store.ts';
import type { Output, PlacedOutput } from './output.ts';
import { placeOutput } from './place-output.ts';
import type { Placement } from './placement.ts';

export interface PlaceContext {
  /** Holds the files of outputs that name no dest; made when it is missing. */
  readonly outDir: string;
  /** References in any form that `parseReference` takes. */
  readonly tags: readonly string[];
  /** The engine's image store, if it has one. */
  readonly store: ImageStore | undefined;
}

/** All outputs of one image, whole and checked, and not yet to be seen. */
export interface PlacedImage {
  readonly outputs: readonly PlacedOutput[];
  /** Id in the image store; null when no output went there. */
  readonly imageId: string | null;
  /**
   * Hands `use` the image as the engine can run it; one that went to files only is in the store for
   * as long as `use` takes.
   */
  tryOut<T>(use: (image: RunnableImage) => Promise<T>): Promise<T>;
  /** Gives every output its name: the files first, the tags last. */
  commit(): Promise<void>;
  /** Removes every trace of what has not been committed. Never throws; safe to call at any time. */
  discard(): Promise<void>;
}

const inStore = ({ imageId }: Placement) => imageId !== undefined;

async function tryOut<T>(
  image: Image,
  imageId: string | null,
  store: ImageStore | undefined,
  use: (image: RunnableImage) => Promise<T>,
  io: Io,
): Promise<T> {
  const { platform, rootfs, settings: config } = image;
  const stored = (id: string) => use({ kind: 'stored', id, platform });
  if (imageId !== null) return stored(imageId);
  if (store !== undefined) return visitStore(image, store, stored, io);
  return use({ kind: 'rootfs', tar: rootfs.tar, config, platform });
}

function placedImage(
  image: Image,
  placements: readonly Placement[],
  store: ImageStore | undefined,
  io: Io,
): PlacedImage {
  const waiting = [...placements].sort((a, b) => Number(inStore(a)) - Number(inStore(b)));
  const imageId = placements.findLast(inStore)?.imageId ?? null;
  return {
    outputs: placements.map(({ output }) => output),
    imageId,
    tryOut: (use) => tryOut(image, imageId, store, use, io),
    commit: async () => {
      for (const placement of [...waiting]) {
        await placement.commit();
        waiting.shift();
      }
    },
    discard: async () => {
      for (const placement of waiting.splice(0)) await placement.discard();
    },
  };
}

/**
 * Brings an image to all its outputs without showing it yet: files stand beside their places under
 * another name, images in the store have no tag. The caller tries it out, then calls `commit`, and
 * in any case `discard`. When one output fails, none is left. USAGE for a dest or tag that cannot
 * be; IMAGE_MISMATCH, ENGINE_FAILED, IO, NO_SPACE.
 */
export async function placeImage(
  image: Image,
  outputs: readonly Output[],
  { outDir, tags, store }: PlaceContext,
  io: Io,
): Promise<PlacedImage> {
  const target = { outDir, store, references: tags.map(parseReference) };
  const placements: Placement[] = [];
  try {
    for (const output of outputs) placements.push(await placeOutput(image, output, target, io));
  } catch (error) {
    for (const placement of placements) await placement.discard();
    throw error;
  }
  return placedImage(image, placements, store, io);
}

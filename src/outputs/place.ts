import type { Io } from '../base/events.ts';
import type { RunnableImage } from '../engines/engine.ts';
import type { ImageStore } from '../engines/image-store.ts';
import type { Image } from '../image/image.ts';
import { parseReference } from '../image/reference.ts';
import type {
  ArrivingImage,
  Begun,
  OutputRequest,
  OutputTarget,
  PlacedOutput,
  StagedOutput,
} from './contract.ts';
import { visitStore } from './image-store/import-image.ts';
import { outputOf } from './outputs.ts';

export interface PlaceContext extends Omit<OutputTarget, 'references'> {
  /** References in any form that `parseReference` takes. */
  readonly tags: readonly string[];
}

/** All outputs of one image, whole and checked, and not visible yet. */
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

const isStored = ({ imageId }: StagedOutput) => imageId !== undefined;

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
  return use({ kind: 'tar', tar: rootfs.tar, config, platform });
}

function placedImage(
  image: Image,
  staged: readonly StagedOutput[],
  store: ImageStore | undefined,
  io: Io,
): PlacedImage {
  const waiting = [...staged].sort((a, b) => Number(isStored(a)) - Number(isStored(b)));
  const imageId = staged.findLast(isStored)?.imageId ?? null;
  return {
    outputs: staged.map(({ output }) => output),
    imageId,
    tryOut: (use) => tryOut(image, imageId, store, use, io),
    commit: async () => {
      for (const output of [...waiting]) {
        await output.commit();
        waiting.shift();
      }
    },
    discard: async () => {
      for (const output of waiting.splice(0)) await output.discard();
    },
  };
}

const targetOf = ({ tags, ...target }: PlaceContext): OutputTarget => ({
  ...target,
  references: tags.map(parseReference),
});

/** Outputs that began while the image was being written. */
export interface EarlyOutputs {
  readonly begun: ReadonlyMap<OutputRequest, Begun>;
  /** Removes every trace of what `placeImage` has not taken over. Never throws. */
  discard(): Promise<void>;
}

/** Begins with those outputs that need no more than the tar's bytes as they are written. */
export async function beginOutputs(
  image: ArrivingImage,
  requests: readonly OutputRequest[],
  context: PlaceContext,
  io: Io,
): Promise<EarlyOutputs> {
  const target = targetOf(context);
  const begun = new Map<OutputRequest, Begun>();
  const discard = async () => {
    for (const each of begun.values()) await each.discard();
  };
  try {
    for (const request of requests) {
      const work = await outputOf(request).begin?.(image, target, io);
      if (work !== undefined) begun.set(request, work);
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return { begun, discard };
}

/**
 * Brings an image to all its outputs without showing it yet: files stand beside their places under
 * another name, images in the store have no tag. `begun` are those outputs that began early. The caller tries it out, then calls `commit`, and
 * in any case `discard`. When one output fails, none is left. USAGE for a dest or tag that cannot
 * be; IMAGE_MISMATCH, ENGINE_FAILED, IO, NO_SPACE.
 */
export async function placeImage(
  image: Image,
  requests: readonly OutputRequest[],
  context: PlaceContext,
  io: Io,
  begun: ReadonlyMap<OutputRequest, Begun> = new Map(),
): Promise<PlacedImage> {
  const target = targetOf(context);
  const staged: StagedOutput[] = [];
  try {
    for (const request of requests) {
      const { stage } = outputOf(request);
      staged.push(await stage(image, request, target, io, begun.get(request)));
    }
  } catch (error) {
    for (const output of staged) await output.discard();
    throw error;
  }
  return placedImage(image, staged, target.store, io);
}

import { rm } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { cleanupIo, quietly } from '../../base/cleanup.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { platforms } from '../../base/platform.ts';
import type { ImageStore, StoredImage } from '../../engines/image-store.ts';
import type { Image, ImageDraft } from '../../image/image.ts';
import { toChanges, unknownInstruction } from '../../image/instructions.ts';
import { fileBytes } from '../../tar/content.ts';
import { writeArchive } from '../oci/archive.ts';
import { imageLayout } from '../oci/layout.ts';

function mismatch(what: string, expected: unknown, found: unknown): MkbaseError {
  return new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `The engine stored another image than it was given.\n${what} expected: ${JSON.stringify(expected)}\n${what} found:    ${JSON.stringify(found)}`,
    hint: 'Nothing was tagged. See whether the engine was restarted or is out of space, then run the same command again.',
  });
}

/**
 * Checks the layers that a store says an image has; IMAGE_MISMATCH. Engines import a stream that was
 * cut between two entries without an error.
 */
export function checkLayers(stored: StoredImage | undefined, image: Image): StoredImage {
  if (stored === undefined) throw mismatch('image', 'present', 'absent');
  const expected = image.layers.map(({ diffId }) => diffId);
  if (isDeepStrictEqual([...stored.diffIds], expected)) return stored;
  throw mismatch('layers', expected, stored.diffIds);
}

/** Engines write signals in their own way (podman: `15` for SIGTERM). */
const rewritten = new Set(['StopSignal']);

/** Checks that the engine stored every setting as it was given; IMAGE_MISMATCH. */
function checkConfig({ config }: StoredImage, image: Image): void {
  if (config === undefined) return;
  for (const [key, value] of Object.entries(image.settings)) {
    if (rewritten.has(key) || isDeepStrictEqual(config[key], value)) continue;
    throw mismatch(key, value, config[key]);
  }
}

const isForItsPlatform = ({ architecture }: StoredImage, { platform }: Image): boolean =>
  architecture === undefined || architecture === platforms[platform].ociArchitecture;

/** Refuses an image that the engine took for one of another platform, however it was given; IMAGE_MISMATCH. */
function checkPlatform(stored: StoredImage, image: Image): void {
  if (isForItsPlatform(stored, image)) return;
  throw mismatch('platform', platforms[image.platform].ociArchitecture, stored.architecture);
}

/**
 * Loads an image as an archive, with its config as it is, and resolves to its id: Docker 20.10 marks every image
 * that it imports as one for its own machine.
 */
async function loadInstead(image: Image, store: ImageStore, io: Io): Promise<string> {
  const file = `${image.rootfs.tar}.archive`;
  try {
    await writeArchive(file, imageLayout(image), [], io);
    const imageId = await store.loadArchive(file, io);
    try {
      checkPlatform(checkLayers(await store.inspect(imageId, io), image), image);
      return imageId;
    } catch (error) {
      await discardImage(imageId, store, io);
      throw error;
    }
  } finally {
    await rm(file, { force: true });
  }
}

/** Removes an image that was not tagged; also after an abort. Never throws. */
export const discardImage = (imageId: string, store: ImageStore, io: Io): Promise<void> =>
  quietly(store.removeUntagged(imageId, cleanupIo(io)));

/** Names the instruction that an old daemon does not know: STOPSIGNAL came after 20.10. */
function explain(error: unknown): unknown {
  if (!(error instanceof MkbaseError)) return error;
  const word = /(\w+) is not a valid change command/.exec(error.message)?.[1];
  return word === undefined ? error : unknownInstruction(word.toUpperCase(), error);
}

/**
 * Imports the tar of an image without a tag. Resolves to the image's id, which is another one on every run:
 * engines stamp the time into the config. Nothing about the image has been checked yet.
 */
export async function importTar(
  { settings, comment, platform }: ImageDraft,
  tar: AsyncIterable<Uint8Array>,
  store: ImageStore,
  io: Io,
): Promise<string> {
  const { importInstructions, importQuoting = 'escaped' } = store;
  const changes = toChanges(settings, importInstructions, importQuoting);
  try {
    return await store.importTar(tar, { changes, message: comment, platform }, io);
  } catch (error) {
    throw explain(error);
  }
}

/**
 * Checks an image that was imported, and returns its id: another one where the engine took it for its own
 * machine's and it had to be loaded. IMAGE_MISMATCH leaves nothing in the store.
 */
export async function checkImported(
  imageId: string,
  image: Image,
  store: ImageStore,
  io: Io,
): Promise<string> {
  try {
    const stored = checkLayers(await store.inspect(imageId, io), image);
    if (isForItsPlatform(stored, image)) {
      checkConfig(stored, image);
      return imageId;
    }
  } catch (error) {
    await discardImage(imageId, store, io);
    throw error;
  }
  await discardImage(imageId, store, io);
  return loadInstead(image, store, io);
}

/** Imports an image without a tag and checks it; resolves to its id. Errors as both. */
export const importImage = async (image: Image, store: ImageStore, io: Io): Promise<string> =>
  checkImported(await importTar(image, fileBytes(image.rootfs.tar), store, io), image, store, io);

/**
 * Imports an image for as long as `use` takes, as the one layer that an import makes. Its health check and stop signal stay out: not every
 * engine's import takes them, and neither matters to a container that runs and ends.
 */
export async function visitStore<T>(
  image: Image,
  store: ImageStore,
  use: (imageId: string) => Promise<T>,
  io: Io,
): Promise<T> {
  const { Healthcheck: _check, StopSignal: _signal, ...settings } = image.settings;
  const imageId = await importImage({ ...image, settings, layers: [image.rootfs] }, store, io);
  try {
    return await use(imageId);
  } finally {
    await discardImage(imageId, store, io);
  }
}

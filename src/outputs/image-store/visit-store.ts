import type { Io } from '../../base/events.ts';
import type { ImageStore } from '../../engines/image-store.ts';
import type { Image } from '../../image/image.ts';
import { discardImage, importImage } from './import-image.ts';

/**
 * Imports an image for as long as `use` takes. Its health check and stop signal stay out: not every
 * engine's import takes them, and neither matters to a container that runs and ends.
 */
export async function visitStore<T>(
  image: Image,
  store: ImageStore,
  use: (imageId: string) => Promise<T>,
  io: Io,
): Promise<T> {
  const { Healthcheck: _check, StopSignal: _signal, ...settings } = image.settings;
  const imageId = await importImage({ ...image, settings }, store, io);
  try {
    return await use(imageId);
  } finally {
    await discardImage(imageId, store, io);
  }
}

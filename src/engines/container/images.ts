import { setTimeout } from 'node:timers/promises';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { ownedName } from '../../store/owner.ts';
import type { ImageStore } from '../image-store.ts';
import { type Client, type EngineClient, type InspectedImage, loadedReference } from './client.ts';

/** Lists the images that no tag points at. */
export async function untaggedImages(client: Client, io: Io): Promise<InspectedImage[]> {
  return client.inspectImages(await client.imageIds({ dangling: true }, io), io);
}

/** Matches the mark of an image that was imported and is not yet, or never was, tagged. */
export const importMark = /\((mkbase-[^()\s]+)\)$/;

/** Passes bytes on and knows whether all have been asked for. */
function watched(tar: AsyncIterable<Uint8Array>) {
  let ended = false;
  async function* pass() {
    yield* tar;
    ended = true;
  }
  return { bytes: pass(), ended: () => ended };
}

const tries = 10;
const betweenTries = 200;
/** Long enough for a daemon under load, short enough for someone who pressed Ctrl-C. */
const cleanupMilliseconds = 15_000;

/**
 * Removes the image of an import that was stopped or failed before it told the image's id. A daemon
 * that was sent everything (`mayCome`) finishes without its client, a moment later.
 */
async function removeImported(client: Client, mark: string, mayCome: boolean): Promise<void> {
  const io = { emit: () => undefined, signal: AbortSignal.timeout(cleanupMilliseconds) };
  for (let left = mayCome ? tries : 1; left > 0; left--) {
    const images = await untaggedImages(client, io);
    const made = images.filter(({ comment }) => importMark.exec(comment)?.[1] === mark);
    for (const { id } of made) await client.removeImage(id, {}, io).catch(() => false);
    if (made.length > 0) return;
    await setTimeout(betweenTries);
  }
}

async function importTar(
  { client, dialect, facts }: EngineClient,
  tar: AsyncIterable<Uint8Array>,
  { changes, message, platform }: Parameters<ImageStore['importTar']>[1],
  io: Io,
): Promise<string> {
  const isTold = facts.platform !== platform || dialect.name === 'podman';
  const mark = await ownedName();
  const settings = { changes, message: `${message} (${mark})`, ...(isTold && { platform }) };
  const { bytes, ended } = watched(tar);
  try {
    return await client.importImage(bytes, settings, io);
  } catch (error) {
    await removeImported(client, mark, ended()).catch(() => undefined);
    throw error;
  }
}

async function loadArchive(
  { client, dialect }: EngineClient,
  file: string,
  io: Io,
): Promise<string> {
  const printed = await client.loadImage(file, io);
  const reference = loadedReference(printed);
  if (reference?.startsWith('sha256:')) return reference;
  const image = reference === undefined ? undefined : await client.inspectImage(reference, io);
  if (image !== undefined) return image.id;
  throw new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `${dialect.name} loaded ${file} but did not name the image; it said: ${printed}`,
  });
}

async function removeUntagged(client: Client, id: string, io: Io): Promise<void> {
  const image = await client.inspectImage(id, io);
  if (image === undefined || image.tags.length > 0) return;
  await client.removeImage(id, {}, io);
}

/** Makes the image store behind a client. */
export function imageStore(engine: EngineClient): ImageStore {
  const { client, dialect } = engine;
  const { importInstructions, importQuoting } = dialect;
  return {
    importInstructions,
    importQuoting,
    importTar: (tar, options, io) => importTar(engine, tar, options, io),
    loadArchive: (file, io) => loadArchive(engine, file, io),
    inspect: (reference, io) => client.inspectImage(reference, io),
    tag: (id, reference, io) => client.tagImage(id, reference, io),
    untag: (reference, io) => client.untagImage(reference, io),
    removeUntagged: (id, io) => removeUntagged(client, id, io),
  };
}

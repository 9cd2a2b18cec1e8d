import type { Io } from '../base/events.ts';
import type { PlatformName } from '../base/platform.ts';
import { answerMilliseconds, askCommand } from '../base/run-command.ts';
import { localEndpoint } from './container/socket/endpoint.ts';
import { askSocket, pathOf } from './container/socket/request.ts';
import { type Engine, type EngineName, engineName } from './engine.ts';
import type { Surroundings } from './surroundings.ts';

/** An image that a build left, and the engine that it was built with. */
export interface Stored {
  readonly engine: EngineName;
  /** Null for an engine without an image store. */
  readonly imageId: string | null;
  readonly tags: readonly string[];
  readonly platform: PlatformName;
}

/** A choice of an engine, and of a platform; where none is named, it is that of the engine's machine. */
export interface Choice {
  readonly engine: EngineName | 'auto';
  readonly platform?: PlatformName;
}

/**
 * Asks Docker for the ids of images, the daemon itself where it is on this machine; none where it fails, or
 * takes longer than anybody is asked for.
 */
async function dockerIds(
  tags: readonly string[],
  { env }: Surroundings,
  { signal }: Io,
): Promise<readonly string[]> {
  const endpoint = await localEndpoint(env);
  if (endpoint === undefined) {
    const args = ['image', 'inspect', '--format', '{{.Id}}', ...tags];
    const answer = await askCommand(engineName.docker, args, signal);
    return answer?.split('\n').filter(Boolean) ?? [];
  }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(answerMilliseconds)]);
  const asked = tags.map(async (tag) => {
    const request = { method: 'GET', path: `/images/${pathOf(tag)}/json` } as const;
    const { status, text } = await askSocket(endpoint.socket, request, limited);
    return status === 200 ? [(JSON.parse(text) as { Id: string }).Id] : [];
  });
  return (await Promise.all(asked).catch(() => [])).flat();
}

/**
 * Tells whether a build would choose the same engine again and all tags still stand for the image in
 * its store. The first engine in order is asked at once: its answer tells both. Errors: NO_ENGINE,
 * ENGINE_FAILED.
 */
export async function stillStored(
  stored: Stored,
  { engine: choice, platform }: Choice,
  surroundings: Surroundings,
  io: Io,
): Promise<boolean> {
  const { engine, imageId, tags } = stored;
  if (
    imageId !== null &&
    engine === engineName.docker &&
    (choice === 'auto' || choice === engine)
  ) {
    const ids = await dockerIds(tags, surroundings, io);
    return ids.length === tags.length && ids.every((id) => id === imageId);
  }
  const { chooseEngine } = await import('./choose.ts');
  const chosen = await chooseEngine(choice, surroundings, io);
  if (chosen.name !== engine || stored.platform !== (platform ?? chosen.platform)) return false;
  return imageId === null || holds(chosen, imageId, tags, io);
}

async function holds(
  { images }: Engine,
  imageId: string,
  tags: readonly string[],
  io: Io,
): Promise<boolean> {
  const found = await Promise.all(tags.map((tag) => images?.inspect(tag, io)));
  return found.every((image) => image?.id === imageId);
}

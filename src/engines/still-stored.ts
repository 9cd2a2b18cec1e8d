import type { Io } from '../base/events.ts';
import { askCommand } from '../base/run-command.ts';
import { type Engine, type EngineName, engineName } from './engine.ts';

/** An image that a build left, and the engine that it was built with. */
export interface Stored {
  readonly engine: EngineName;
  /** Null for an engine without an image store. */
  readonly imageId: string | null;
  readonly tags: readonly string[];
}

/**
 * Tells whether a build would choose the same engine again and all tags still stand for the image in
 * its store. The first engine in order is asked at once: its answer tells both. Errors: NO_ENGINE,
 * ENGINE_FAILED.
 */
export async function stillStored(
  stored: Stored,
  choice: EngineName | 'auto',
  cache: string,
  io: Io,
): Promise<boolean> {
  const { engine, imageId, tags } = stored;
  if (
    imageId !== null &&
    engine === engineName.docker &&
    (choice === 'auto' || choice === engine)
  ) {
    const args = ['image', 'inspect', '--format', '{{.Id}}', ...tags];
    const answer = await askCommand(engine, args, io.signal);
    const ids = answer?.split('\n').filter(Boolean) ?? [];
    return ids.length === tags.length && ids.every((id) => id === imageId);
  }
  const { chooseEngine } = await import('./choose.ts');
  const chosen = await chooseEngine(choice, cache, io);
  return chosen.name === engine && (imageId === null || holds(chosen, imageId, tags, io));
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

import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { runCommand } from '../../base/run-command.ts';
import type { Engine } from '../../engines/engine.ts';

/** Writes an image of an engine's store to a new file, as `docker save` does. ENGINE_FAILED. */
export async function saveImage(
  { name }: Pick<Engine, 'name'>,
  id: string,
  file: string,
  { signal }: Io,
): Promise<void> {
  const args = ['save', '--output', file, id];
  const result = await runCommand({ file: name, args, signal });
  if (result.ok) return;
  throw new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `${name} failed saving image ${id}: ${result.stderr.trim() || result.problem}`,
    hint: `See whether \`${name} info\` works and whether there is room for the image in the cache, then run the same command again.`,
  });
}

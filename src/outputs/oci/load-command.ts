import { engineName } from '../../engines/engine.ts';
import type { BuiltImage } from '../contract.ts';

/**
 * Returns the command that loads an archive into an engine's store. The namespace engine has none,
 * so mkbase runs the image itself; one that names no program is loaded where a daemon is.
 */
export function loadCommand({ engine, placed, path, runCommand }: BuiltImage): string | undefined {
  if (placed.size === undefined) return undefined;
  if (engine !== engineName.namespace) return `${engine} load --input ${path}`;
  return runCommand ?? `${engineName.docker} load --input ${path}`;
}

import { resolve } from 'node:path';
import { engineName } from '../engines/engine.ts';
import type {
  BuiltImage,
  EarlierBuild,
  OutputRequest,
  OutputValues,
  PlacedOutput,
} from './contract.ts';

/** Returns the request for an output that takes nothing but `dest`. */
export const requestOf = (type: string, { dest }: OutputValues): OutputRequest => ({
  type,
  ...(dest !== undefined && { dest }),
});

/** Returns the absolute path of an output; `name` is the one in the output folder without a dest. */
export const destinationOf = ({ dest }: OutputRequest, outDir: string, name: string): string =>
  resolve(outDir, dest ?? name);

/** Returns whether the file or folder of an earlier build is as that build left it. */
export const isUnchanged = ({ dest }: PlacedOutput, earlier: EarlierBuild): Promise<boolean> =>
  earlier.isUnchanged(dest);

/**
 * Returns the command that loads an archive into an engine's store. The namespace engine has none,
 * so mkbase runs the image itself; one that names no program is loaded where a daemon is.
 */
export function loadCommand({ engine, placed, path, runCommand }: BuiltImage): string | undefined {
  if (placed.size === undefined) return undefined;
  if (engine !== engineName.namespace) return `${engine} load --input ${path}`;
  return runCommand ?? `${engineName.docker} load --input ${path}`;
}

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Staged } from '../store/staging.ts';
import type {
  EarlierBuild,
  OutputRequest,
  OutputValues,
  PlacedOutput,
  StagedOutput,
} from './contract.ts';

/** Returns the request for an output that takes nothing but `dest`. */
export const requestOf = (type: string, { dest }: OutputValues): OutputRequest => ({
  type,
  ...(dest !== undefined && { dest }),
});

/** Returns the absolute path of an output; `name` is the one in the output folder without a dest. */
export const destinationOf = ({ dest }: OutputRequest, outDir: string, name: string): string =>
  dest === undefined ? resolve(outDir, name) : resolve(dest);

/** Returns a staged file or folder as the output at `dest`, an absolute path. */
export async function stagedFile(
  { type }: OutputRequest,
  dest: string,
  { path, commit, discard }: Staged,
): Promise<StagedOutput> {
  const found = await stat(path);
  const size = found.isFile() ? { size: found.size } : {};
  return { output: { type, dest, ...size }, commit, discard };
}

/** Returns whether the file or folder of an earlier build is as that build left it. */
export const isUnchanged = ({ dest }: PlacedOutput, earlier: EarlierBuild): Promise<boolean> =>
  earlier.isUnchanged(dest);

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const preload = pathToFileURL(join(import.meta.dirname, 'foreign-host.mjs')).href;

/** Returns the path of a program. */
export const programPath = (program: string): string =>
  execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim();

/**
 * Returns the environment of a run on a simulated system that is not Linux. `folder` is made, and becomes the
 * whole PATH: it holds the engines' commands alone.
 */
export function foreignHost(
  folder: string,
  programs: readonly string[],
): Readonly<Record<string, string>> {
  mkdirSync(folder);
  for (const program of programs) symlinkSync(programPath(program), join(folder, program));
  return { PATH: folder, NODE_OPTIONS: `--import=${preload}` };
}

import type { BuildResult } from '../pipeline/request.ts';
import type { Environment } from './color.ts';
import type { NextCommandContext } from './next-command.ts';
import { columnsOf, paletteOf, type Screen } from './screen.ts';
import { summary } from './summary.ts';

/** What stdout gets: a text for people, one JSON object, the image's name alone, or nothing. */
export type ResultMode = 'summary' | 'json' | 'id' | 'none';

/** `--quiet`'s one word: the ID in the image store, or the manifest's digest where there is none. */
export const imageName = (result: BuildResult): string => result.imageId ?? result.manifestDigest;

const nothingNext: NextCommandContext = { cwd: '/', runCommand: '', runnable: true };

/** The result as it is written to `stdout`. */
export function resultText(
  result: BuildResult,
  mode: ResultMode,
  { stdout, env }: { readonly stdout: Screen; readonly env: Environment },
  context: NextCommandContext = nothingNext,
): string {
  switch (mode) {
    case 'json':
      return `${JSON.stringify(result)}\n`;
    case 'id':
      return `${imageName(result)}\n`;
    case 'none':
      return '';
    case 'summary':
      return summary(result, {
        ...context,
        palette: paletteOf(stdout, env),
        columns: columnsOf(stdout),
      });
  }
}

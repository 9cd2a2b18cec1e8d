import { plural } from '../base/format.ts';
import type { Invocation } from '../base/invocation.ts';
import type { SetResult } from '../pipeline/image-set/request.ts';
import { facts } from './layout.ts';
import { paletteOf, type Screen } from './screen.ts';
import { labelWidth, outputLines } from './summary.ts';
import { oneLine, shortPath } from './text.ts';

interface SummaryContext extends Pick<Invocation, 'cwd' | 'env'> {
  readonly stdout: Screen;
}

/** Lists what came of a build for several platforms, below the table of its platforms. */
export function setSummary(result: SetResult, { stdout, env, cwd }: SummaryContext): string {
  const palette = paletteOf(stdout, env);
  const { recipe, indexDigest, platforms, outDir, tags } = result;
  const lines = facts(
    [
      ['index', indexDigest],
      ['holds', plural(platforms.length, 'platform')],
      ['name', tags],
      ['output', outputLines(result, cwd)],
      ['next', palette.bold(`mkbase verify ${oneLine(shortPath(outDir, cwd))}`)],
    ],
    palette,
    labelWidth,
  );
  return `\n${palette.bold(oneLine(recipe))}\n${lines.join('\n')}\n`;
}

import { formatBytes } from '../base/format.ts';
import type { Invocation } from '../base/invocation.ts';
import type { SetResult } from '../pipeline/image-set/request.ts';
import { facts } from './layout.ts';
import { paletteOf, type Screen } from './screen.ts';
import { oneLine, shortPath } from './text.ts';

/** A digest beside the longest label ends at column 80. */
const labelWidth = 9;

interface SummaryContext extends Pick<Invocation, 'cwd' | 'env'> {
  readonly stdout: Screen;
}

/** Lists what came of a build for several platforms, below the table of its platforms. */
export function setSummary(result: SetResult, { stdout, env, cwd }: SummaryContext): string {
  const palette = paletteOf(stdout, env);
  const { recipe, indexDigest, platforms, outputs, outDir, tags } = result;
  const placed = outputs.map(({ type, dest, size }) =>
    [type, oneLine(shortPath(dest, cwd)), size === undefined ? '' : formatBytes(size)]
      .join('  ')
      .trimEnd(),
  );
  const lines = facts(
    [
      ['index', indexDigest],
      ['holds', `${platforms.length} ${platforms.length === 1 ? 'platform' : 'platforms'}`],
      ['name', tags],
      ['output', placed],
      ['next', palette.bold(`mkbase verify ${oneLine(shortPath(outDir, cwd))}`)],
    ],
    palette,
    labelWidth,
  );
  return `\n${palette.bold(oneLine(recipe))}\n${lines.join('\n')}\n`;
}

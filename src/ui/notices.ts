import type { Warning } from '../base/events.ts';
import type { Environment } from './color.ts';
import { errorText } from './error-text.ts';
import { columnsOf, paletteOf, type Screen } from './screen.ts';
import { oneLine } from './text.ts';

/** Writes an error for people. */
export function writeError(stderr: Screen, env: Environment, error: unknown): void {
  stderr.write(
    errorText(error, {
      palette: paletteOf(stderr, env),
      columns: columnsOf(stderr),
      debug: env.MKBASE_DEBUG === '1',
    }),
  );
}

/** Writes a warning for people, outside a build. */
export function writeWarning(stderr: Screen, env: Environment, warning: Warning): void {
  const palette = paletteOf(stderr, env);
  stderr.write(`${palette.yellow('warning:')} ${oneLine(warning.message)}\n`);
  if (warning.advice !== undefined) stderr.write(`         ${oneLine(warning.advice)}\n`);
}

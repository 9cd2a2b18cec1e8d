import { createPalette, type Environment, type Palette, wantsColor } from './color.ts';

/** The part of `process.stdout` or `process.stderr` that the user interface needs. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const defaultColumns = 80;
/** Wider than this, lines are hard to read. */
const mostColumns = 120;

/** Columns to fill: a terminal's own, at most 120; 80 where there is no terminal. */
export function columnsOf(screen: Screen): number {
  return Math.min(screen.columns || defaultColumns, mostColumns);
}

export function paletteOf(screen: Screen, env: Environment): Palette {
  return createPalette(wantsColor(env, screen.isTTY === true));
}

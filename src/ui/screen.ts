import { styleText } from 'node:util';

/** The part of `process.stdout` or `process.stderr` that the user interface needs. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const defaultColumns = 80;
/** Lines wider than this are hard to read. */
const mostColumns = 120;

/** Returns the columns to fill: a terminal's own, at most 120; 80 where there is no terminal. */
export function columnsOf(screen: Screen): number {
  return Math.min(screen.columns || defaultColumns, mostColumns);
}

const styles = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;

/** The few styles that mkbase uses, each a function from text to styled text. */
export type Palette = Readonly<Record<(typeof styles)[number], (text: string) => string>>;

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Tells whether a build runs in continuous integration, as its services say by CI. */
export const isCi = ({ CI }: NodeJS.ProcessEnv): boolean => isSet(CI) && CI !== 'false';

/**
 * Tells whether to colour. NO_COLOR (no-color.org) and FORCE_COLOR (force-color.org) count when they
 * are set and not empty, NO_COLOR first; FORCE_COLOR=0 means no, as in Node. Without them a terminal is
 * coloured unless it is a dumb one.
 */
export function wantsColor(env: NodeJS.ProcessEnv, isTTY: boolean): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTTY && env.TERM !== 'dumb';
}

/** Returns the styles, or functions that leave the text as it is. */
export function createPalette(color: boolean): Palette {
  // Later versions of Node look at stdout and its environment unless they are told not to.
  const styled = (style: (typeof styles)[number]) => (text: string) =>
    text === '' || !color ? text : styleText(style, text, { validateStream: false });
  return Object.fromEntries(styles.map((style) => [style, styled(style)])) as Palette;
}

export const paletteOf = (screen: Screen, env: NodeJS.ProcessEnv): Palette =>
  createPalette(wantsColor(env, screen.isTTY === true));

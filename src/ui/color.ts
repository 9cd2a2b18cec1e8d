/** The few styles that mkbase uses, each a function from text to styled text. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/**
 * Whether to colour. NO_COLOR (no-color.org) and FORCE_COLOR (force-color.org) count when they are
 * set and not empty, NO_COLOR first; FORCE_COLOR=0 means no, as in Node. Otherwise: on a terminal
 * that is no dumb one.
 */
export function wantsColor(env: Environment, isTTY: boolean): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTTY && env.TERM !== 'dumb';
}

/** SGR parameters (ECMA-48, 8.3.117): what switches a style on, and what switches it off. */
const style = (on: number, off: number) => (text: string) =>
  text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;

const coloured: Palette = {
  bold: style(1, 22),
  dim: style(2, 22),
  red: style(31, 39),
  green: style(32, 39),
  yellow: style(33, 39),
  cyan: style(36, 39),
};

const same = (text: string): string => text;
const plain: Palette = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
};

export const createPalette = (color: boolean): Palette => (color ? coloured : plain);

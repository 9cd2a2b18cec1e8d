/**
 * Quantities for people. Sizes are SI (1 kB = 1000 bytes), as docker, apt and curl show them.
 * Nothing here depends on the locale: the same build prints the same text everywhere.
 */

const units = ['kB', 'MB', 'GB', 'TB'] as const;

/** A size in its unit; three significant digits below 100, so that columns keep their width. */
function scaled(bytes: number): { readonly value: number; readonly unit: string } {
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    // 999.95 would round to 1000.0 of the smaller unit.
    if (value < 999.95) break;
    value /= 1000;
    unit = next;
  }
  return { value, unit };
}

const digits = (value: number, unit: string): string =>
  unit === 'B' ? String(Math.round(value)) : value.toFixed(1);

/** Bytes as `696 B`, `12.3 MB`. */
export function formatBytes(bytes: number): string {
  const { value, unit } = scaled(bytes);
  return `${digits(value, unit)} ${unit}`;
}

const bytesOf: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Reads a size such as `5GB` or `64MiB` as bytes; undefined for any other text. */
export function bytesIn(size: string): number | undefined {
  const [, count = '', unit = ''] = /^([0-9]{1,12})([A-Za-z]+)$/.exec(size) ?? [];
  const factor = Object.hasOwn(bytesOf, unit) ? bytesOf[unit] : undefined;
  return factor === undefined ? undefined : Number(count) * factor;
}

/** Bytes with the exact number where the unit hides it: `17.8 kB (17,808 bytes)`. */
export function formatExactBytes(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)} bytes)`;
}

/** Done of total in the total's unit: `12.3/65.0 MB`. */
export function formatDoneOfTotal(done: number, total: number): string {
  const { value, unit } = scaled(total);
  const factor = total === 0 ? 1 : value / total;
  return `${digits(done * factor, unit)}/${digits(value, unit)} ${unit}`;
}

/** Bytes per second, without decimals from ten up: `31 MB/s`, `9.5 kB/s`. */
export function formatRate(bytesPerSecond: number): string {
  const { value, unit } = scaled(bytesPerSecond);
  return `${value >= 10 || unit === 'B' ? Math.round(value) : value.toFixed(1)} ${unit}/s`;
}

/** Milliseconds as `42 ms`, `1.8 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 99.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return formatWholeSeconds(seconds);
}

/** Seconds without decimals, for what is only guessed: `8 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatWholeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A whole number with its thousands set apart: `170,213,888`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 test`, `2 tests`; `many` is the form of an irregular noun, for instance `entries`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** Lists words as a sentence does: `a, b or c`. */
export const inSentence = (words: readonly string[], last: 'and' | 'or'): string =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(` ${last} `);

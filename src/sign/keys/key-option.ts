import { MkbaseError } from '../../base/errors.ts';

/** The value of a `--key` that checks signatures. */
export interface KeyOption {
  /** Path of the public key. */
  readonly file: string;
  /** Evidence from this time on is not believed for this key. */
  readonly until?: Date;
}

const wrong = (text: string, problem: string): MkbaseError =>
  new MkbaseError({
    code: 'USAGE',
    message: `--key ${JSON.stringify(text)} ${problem}.`,
    hint: 'Say --key FILE or --key file=FILE,until=2026-12-01, the first day that does not count (UTC).',
  });

/** Matches a day, or a time in UTC. */
const timePattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?$/;

function parseTime(value: string, text: string): Date {
  const time = timePattern.test(value) ? new Date(value) : new Date(Number.NaN);
  // A day that there is not, for instance 2026-02-30, becomes another one.
  if (!Number.isNaN(time.getTime()) && time.toISOString().startsWith(value.slice(0, 10)))
    return time;
  throw wrong(text, `has ${JSON.stringify(value)} where a day belongs`);
}

/**
 * Reads the value of `--key`: a path, or `file=` and `until=` separated by commas. A path that begins
 * with one of these words is said with `file=`. Throws USAGE.
 */
export function parseKeyOption(text: string): KeyOption {
  if (!/^(?:file|until)=/.test(text)) return { file: text };
  const given = new Map<string, string>();
  for (const part of text.split(',')) {
    const [name = '', value] = part.split(/=(.*)/s, 2);
    if (value === undefined || !['file', 'until'].includes(name)) {
      throw wrong(text, `says ${JSON.stringify(part)}, which it does not know`);
    }
    if (given.has(name)) throw wrong(text, `says ${name} twice`);
    given.set(name, value);
  }
  const [file, until] = [given.get('file'), given.get('until')];
  if (!file) throw wrong(text, 'names no file');
  return { file, ...(until !== undefined && { until: parseTime(until, text) }) };
}

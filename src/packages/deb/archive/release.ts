import { MkbaseError } from '../../../base/errors.ts';
import { clockSkewSeconds } from '../../openpgp/signers.ts';
import { type Paragraph, parseParagraph, words } from '../index/paragraph.ts';
import type { AgeLimit } from './distribution.ts';
import { usualPriority } from './releases.ts';

/** A file that a Release file vouches for. */
export interface ReleaseFile {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** The signed table of contents of a suite (https://wiki.debian.org/DebianRepository/Format). */
export interface Release {
  readonly suite: string;
  readonly codename: string;
  /** Seconds since 1970. */
  readonly date: number;
  /** Seconds since 1970; absent on suites that never expire. */
  readonly validUntil?: number;
  /** True if files are also served under their hash, where a mirror's update cannot swap them. */
  readonly byHash: boolean;
  /** Priority by which apt takes packages from it (apt_preferences(5)): 500, less where it says so. */
  readonly priority: number;
  /** Path below the suite's folder → size and hash. */
  readonly files: ReadonlyMap<string, ReleaseFile>;
}

/** The values that a Release file is checked against. */
export interface Expectation {
  readonly suite: string;
  /** For messages: a URL without credentials. */
  readonly what: string;
  readonly now: Date;
  readonly age: AgeLimit;
  /** Set for a suite that has ended, of which nobody signs an index again. */
  readonly ended?: {
    /** Says that it has ended, and since when. */
    readonly words: string;
    /** True where an index that has expired is accepted. */
    readonly accepted: boolean;
    readonly advice: string;
  };
}

function untrusted(message: string, hint: string): MkbaseError {
  return new MkbaseError({ code: 'SOURCE_UNTRUSTED', message, hint });
}

/** Matches RFC 2822 dates as archives write them: always UTC, names in English; Ubuntu pads hours with a blank. */
const datePattern =
  /^[A-Z][a-z]{2}, {1,2}\d{1,2} [A-Z][a-z]{2} \d{4} [ \d]\d:\d{2}:\d{2} (?:UTC|GMT|\+0000)$/;

function seconds(fields: Paragraph, name: string): number | undefined {
  const text = fields.get(name);
  if (text === undefined) return undefined;
  const time = datePattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new SyntaxError(`${name} is not a date: ${JSON.stringify(text)}`);
  return time / 1000;
}

function checksums(fields: Paragraph): Map<string, ReleaseFile> {
  const files = new Map<string, ReleaseFile>();
  for (const line of (fields.get('sha256') ?? '').split('\n')) {
    const match = /^\s*([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)\s*$/.exec(line);
    if (match !== null) files.set(match[3]!, { sha256: match[1]!, size: Number(match[2]) });
    else if (line.trim() !== '')
      throw new SyntaxError(`SHA256 holds ${JSON.stringify(line.slice(0, 100))}`);
  }
  if (files.size === 0) throw new SyntaxError('it lists no SHA256 sums');
  return files;
}

/** Returns the priority that an archive asks for: backports are taken where they are asked for by name. */
function priorityOf(fields: Paragraph): number {
  if (fields.get('notautomatic') !== 'yes') return usualPriority;
  return fields.get('butautomaticupgrades') === 'yes' ? 100 : 1;
}

/** Parses the text that a signature covers. Throws SOURCE_UNTRUSTED. */
export function parseRelease(text: string, what: string): Release {
  try {
    const fields = parseParagraph(text);
    const date = seconds(fields, 'date');
    if (date === undefined) throw new SyntaxError('it has no Date');
    const validUntil = seconds(fields, 'valid-until');
    return {
      suite: fields.get('suite') ?? '',
      codename: fields.get('codename') ?? '',
      date,
      ...(validUntil !== undefined && { validUntil }),
      byHash: words(fields, 'acquire-by-hash')[0] === 'yes',
      priority: priorityOf(fields),
      files: checksums(fields),
    };
  } catch (error) {
    throw untrusted(
      `${what} is signed but is not a Release file: ${(error as Error).message}.`,
      'Name the root of a Debian archive with --mirror, the folder that holds dists/ and pool/.',
    );
  }
}

const day = 86_400;
const iso = (time: number) => new Date(time * 1000).toISOString();

/** Refuses another suite's index, by its signed words. Throws SOURCE_UNTRUSTED. */
export function requireSuite(
  release: Pick<Release, 'suite' | 'codename'>,
  suite: string,
  what: string,
): void {
  // Security updates of Debian up to buster name themselves as their release does.
  const name = suite.replace(/\/updates$/, '');
  if ([suite, name].some((each) => each === release.suite || each === release.codename)) return;
  throw untrusted(
    `${what} is the index of ${release.codename || release.suite}, not of ${suite}.`,
    'Somebody may be passing off one suite as another; try another mirror with --mirror.',
  );
}

/** Tells whether an index says of itself that its time is over. */
export const hasExpired = ({ validUntil }: Release, now: Date): boolean =>
  validUntil !== undefined && validUntil <= now.getTime() / 1000;

/** Refuses another suite's index, one that has expired or is too old, and one from the future. */
export function checkRelease(release: Release, expected: Expectation): void {
  const { what, suite } = expected;
  const now = expected.now.getTime() / 1000;
  const clock = `This machine's clock says ${iso(now)}; if that is wrong, set it.`;
  requireSuite(release, suite, what);
  if (release.date > now + clockSkewSeconds) {
    throw untrusted(`${what} is dated ${iso(release.date)}, which is in the future.`, clock);
  }
  requireValid(release, expected, clock);
  const { days, from } = expected.age;
  if (from.getTime() / 1000 - release.date > days * day) {
    const isPast = from.getTime() < expected.now.getTime();
    const since = isPast ? `before ${iso(from.getTime() / 1000)}, its last day of changes` : 'ago';
    throw untrusted(
      `${what} is dated ${iso(release.date)}, more than ${days} days ${since}; somebody may be holding updates back.`,
      `Use a mirror that is up to date (--mirror). ${clock}`,
    );
  }
}

function requireValid(release: Release, { what, now, ended }: Expectation, clock: string): void {
  if (!hasExpired(release, now)) return;
  const until = `${what} was valid until ${iso(release.validUntil ?? 0)}`;
  if (ended === undefined) {
    throw untrusted(
      `${until}; somebody may be holding updates back.`,
      `Use a mirror that is up to date (--mirror). ${clock}`,
    );
  }
  if (ended.accepted) return;
  throw untrusted(`${until}, and nobody signs it anew: ${ended.words}.`, ended.advice);
}

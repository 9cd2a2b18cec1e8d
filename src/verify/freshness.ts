import { MkbaseError } from '../base/errors.ts';
import type { Lock } from '../lock/schema.ts';
import { datedParts } from '../policy/rules/index-age.ts';
import type { Check, Mismatch } from './report.ts';

/** The span of time in which evidence has to be made, as `--not-older-than` says it. */
export interface Freshness {
  /** As the person said it, for instance `30d`. */
  readonly said: string;
  readonly since: Date;
  readonly now: Date;
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** An archive's clock may be a little ahead of this machine's. */
const leeway = 86_400_000;

/** Reads `30d`, `12h`, `4w` or a date of ISO 8601. Throws USAGE. */
export function parseFreshness(said: string, now: Date): Freshness {
  const [, count, unit = ''] = /^([1-9][0-9]{0,4})([hdw])$/.exec(said) ?? [];
  const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/.test(said);
  const time = count ? now.getTime() - Number(count) * (units[unit] ?? 0) : Date.parse(said);
  if ((count !== undefined || isDate) && !Number.isNaN(time)) {
    return { said, since: new Date(time), now };
  }
  throw new MkbaseError({
    code: 'USAGE',
    message: `--not-older-than ${JSON.stringify(said)} is neither a span of time nor a date.`,
    hint: 'Say hours, days or weeks, for instance 12h, 30d or 4w, or a date: 2026-11-01.',
  });
}

/** Returns the date by which a lock is judged, in milliseconds, and the part of the image that it dates. */
function judged(lock: Lock): { readonly of: string; readonly date: number } {
  const parts = datedParts(lock);
  const own = parts.filter(({ part }) => part !== 'toolchain');
  const [oldest] = (own.length > 0 ? own : parts).sort((a, b) => a.newest - b.newest);
  if (oldest === undefined) return { of: 'epoch', date: lock.epoch * 1000 };
  return { of: `newest index or release of the ${oldest.part}`, date: oldest.newest * 1000 };
}

const shown = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

/**
 * Checks that the inputs in a lock are not older than asked for, by the dates of their signed indexes: a
 * set of packages is as new as the newest of its indexes, an image as old as its oldest part. Only an image
 * with no other date is judged by its builder's, or by the lock's epoch.
 */
export function checkFreshness(lock: Lock | undefined, { said, since, now }: Freshness): Check {
  const file = 'lock.json';
  const what = `the age of the inputs in ${file}`;
  const computed = `${shown(since.getTime())} or later (--not-older-than ${said})`;
  if (lock === undefined) {
    return { what, mismatches: [{ file, field: 'date', claimed: 'nothing', computed }] };
  }
  const { of: field, date } = judged(lock);
  const wrong = (against: string): Mismatch[] => [
    { file, field, claimed: shown(date), computed: against },
  ];
  const extent = `${field}: ${shown(date)}`;
  if (date < since.getTime()) return { what, extent, mismatches: wrong(computed) };
  const last = now.getTime() + leeway;
  const mismatches = date > last ? wrong(`${shown(last)} or earlier, by this machine's clock`) : [];
  return { what, extent, mismatches };
}

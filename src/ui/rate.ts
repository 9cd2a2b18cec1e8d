import type { Event } from '../base/events.ts';
import { formatBytes, formatDoneOfTotal, formatRate, formatWholeSeconds } from '../base/format.ts';

type Progress = Pick<Extract<Event, { type: 'progress' }>, 'done' | 'total'>;

/** A stage's progress, and how fast it has been moving lately. */
export interface Meter {
  readonly done: number;
  readonly total: number | undefined;
  /** Bytes per second over the last few seconds; undefined until there is enough to tell. */
  readonly rate: number | undefined;
}

/** Rates are taken over this span, so that they neither jump nor lag. */
const windowMs = 3000;
/** A rate over less than this is noise. */
const leastSpanMs = 250;

/** Measures a stage's progress events; `now` is in milliseconds of any clock that never goes back. */
export function createMeter(): {
  add(progress: Progress, now: number): void;
  read(now: number): Meter | undefined;
} {
  let samples: { readonly at: number; readonly done: number }[] = [];
  let last: Progress | undefined;
  return {
    add(progress, now) {
      if (last !== undefined && progress.done < last.done) samples = [];
      samples.push({ at: now, done: progress.done });
      const old = samples.findIndex((sample) => sample.at >= now - windowMs);
      if (old > 1) samples.splice(0, old - 1);
      last = progress;
    },
    read(now) {
      const first = samples[0];
      if (last === undefined || first === undefined) return undefined;
      const span = now - first.at;
      const rate = span < leastSpanMs ? undefined : ((last.done - first.done) / span) * 1000;
      return { done: last.done, total: last.total, rate };
    },
  };
}

/** Returns the parts that are known, most important first: `12.3/65.0 MB`, `31 MB/s`, `2 s left`. */
export function meterParts(meter: Meter): string[] {
  const { done, total, rate } = meter;
  const parts = [total === undefined ? formatBytes(done) : formatDoneOfTotal(done, total)];
  if (rate === undefined || rate < 1) return parts;
  parts.push(formatRate(rate));
  if (total !== undefined && total > done) {
    parts.push(`${formatWholeSeconds(Math.max(1, (total - done) / rate))} left`);
  }
  return parts;
}

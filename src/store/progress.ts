import type { Emit } from '../base/events.ts';

const shortestInterval = 100;

/** Adds up what several downloads do, and reports it ten times a second at the most. */
export interface Progress {
  /** `difference` is negative when bytes had to be thrown away. */
  moved(item: string, difference: number): void;
  /** Reports the end, however short the time since the last report. */
  finish(): void;
}

/** `total` in bytes, where it is known. */
export function trackProgress(total: number | undefined, emit: Emit): Progress {
  let done = 0;
  let last = Number.NEGATIVE_INFINITY;
  const report = (item?: string) =>
    emit({
      type: 'progress',
      stage: 'fetch',
      done,
      ...(total !== undefined && { total }),
      ...(item !== undefined && { item }),
    });
  return {
    moved(item, difference) {
      done += difference;
      const now = performance.now();
      if (now - last < shortestInterval) return;
      last = now;
      report(item);
    },
    finish: () => report(),
  };
}

import type { Emit, Stage } from '../../base/events.ts';

const shortestInterval = 100;

/** Adds up the bytes of several transfers, and reports them ten times a second at the most. */
export interface Progress {
  /** `difference` is negative when bytes had to be thrown away. */
  moved(item: string, difference: number): void;
  /** Reports the end, however short the time since the last report. */
  finish(): void;
}

/** Begins to count; `total` is in bytes, where it is known. */
export function trackProgress(stage: Stage, total: number | undefined, emit: Emit): Progress {
  let done = 0;
  let last = Number.NEGATIVE_INFINITY;
  const report = (item?: string) =>
    emit({
      type: 'progress',
      stage,
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

import { unreachable } from './failure.ts';
import type { DownloadLimits } from './transfer.ts';

type Limits = Pick<DownloadLimits, 'idle' | 'slowStretch' | 'slowestBytesPerSecond'>;

/** A watch over one answer. */
export interface Pace {
  /** Bytes have come. */
  came(bytes: number): void;
  /** They have been dealt with, and the wait for more begins. */
  waits(): void;
  /** Ends the watch. */
  end(): void;
}

/**
 * Aborts `stop` with a TransferFailure when nothing comes for too long, or too little. Only time
 * spent waiting for the network counts, so a slow disk is not taken for a slow server.
 */
export function watchPace(limits: Limits, where: string, stop: AbortController): Pace {
  const { idle, slowStretch, slowestBytesPerSecond } = limits;
  const giveUp = (what: string) =>
    stop.abort(unreachable(`${where}: ${what}.`, { again: true, hint: slowHint }));
  const timer = setTimeout(() => giveUp(`nothing came for ${idle / 1000} seconds`), idle);
  let since = performance.now();
  let waited = 0;
  let moved = 0;
  return {
    came(bytes) {
      waited += performance.now() - since;
      moved += bytes;
      if (waited < slowStretch) return;
      if (moved < (slowestBytesPerSecond * waited) / 1000) {
        giveUp(`less than ${slowestBytesPerSecond} bytes a second came`);
      }
      waited = 0;
      moved = 0;
    },
    waits() {
      since = performance.now();
      timer.refresh();
    },
    end: () => clearTimeout(timer),
  };
}

const slowHint = 'Try again later, or name another mirror with --mirror.';

import type { Io } from './events.ts';

/** Long enough for a daemon under load, short enough for someone who pressed Ctrl-C. */
const patience = 15_000;

/**
 * Makes the Io of work that has to be done after an abort, too, which `io.signal` would stop before
 * it began.
 */
export const cleanupIo = (io: Io): Io => ({
  emit: io.emit,
  signal: AbortSignal.timeout(patience),
});

/** Waits for work whose failure changes nothing: cleaning up what could not be finished. */
export const quietly = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

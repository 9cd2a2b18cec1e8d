import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { interrupted } from './errors.ts';
import type { Io } from './events.ts';

/**
 * Runs a task for each item, at most `concurrency` at a time. When one fails, the others are told to
 * stop by the signal of their `io` and waited for, so that nothing still works when this rejects.
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  concurrency: number,
  task: (item: T, io: Io) => Promise<R>,
  { emit, signal }: Io,
): Promise<R[]> {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const forward = () => stop.abort(interrupted(signal));
  signal.addEventListener('abort', forward, { once: true });
  if (signal.aborted) forward();
  const limit = pLimit(concurrency);
  const run = async (item: T) => {
    stop.signal.throwIfAborted();
    return task(item, { emit, signal: stop.signal });
  };
  const running = items.map((item) => limit(run, item));
  for (const each of running) each.catch((error: unknown) => stop.abort(error));
  try {
    return await Promise.all(running);
  } catch (error) {
    await Promise.allSettled(running);
    throw error;
  } finally {
    signal.removeEventListener('abort', forward);
  }
}

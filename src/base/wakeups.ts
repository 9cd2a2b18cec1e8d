import { type FSWatcher, watch } from 'node:fs';

/** Tells that something may have happened in folders. */
export interface Wakeups {
  /** Resolves when something has happened since the last call, after `milliseconds`, or when `signal` aborts. */
  next(milliseconds: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Listens to a folder; one that the system cannot listen to is looked at by the clock alone. */
function listen(folder: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, onEvent);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

/** Listens to folders, not to those below them. */
export function wakeupsOf(folders: Iterable<string>): Wakeups {
  let happened = false;
  let wake = () => {};
  const onEvent = () => {
    happened = true;
    wake();
  };
  const watchers = [...new Set(folders)].flatMap((folder) => listen(folder, onEvent) ?? []);
  return {
    async next(milliseconds, signal) {
      if (!happened && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            resolve();
          };
          const timer = setTimeout(done, milliseconds);
          signal.addEventListener('abort', done);
          wake = done;
        });
      }
      happened = false;
    },
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

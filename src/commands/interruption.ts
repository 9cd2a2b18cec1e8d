import { constants } from 'node:os';
import { MkbaseError } from '../base/errors.ts';

/** Signals that ask a build to stop: Ctrl-C, `kill`, and a terminal that was closed. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A shell's exit code for a process that a signal ended. */
const exitCodeOf = (name: (typeof stopSignals)[number]): number => 128 + constants.signals[name];

export interface Interruption {
  readonly signal: AbortSignal;
  /** 130 for SIGINT, 143 for SIGTERM; undefined while nobody has asked to stop. */
  exitCode(): number | undefined;
}

/**
 * One press of Ctrl-C may come as several signals: from the terminal, and once more from npx or
 * timeout(1), which pass theirs on.
 */
const onePressMilliseconds = 500;

/** ECMA-48 with DEC's private mode 25: shows the cursor again. */
const showCursor = '\u001b[?25h';

/**
 * Turns the first signal into an abort, so that the build cleans up after itself; a second one
 * ends the process at once, and what is then left is for the next run to remove.
 */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let first = 0;
  for (const name of stopSignals) {
    process.on(name, () => {
      if (exitCode !== undefined) {
        if (performance.now() - first < onePressMilliseconds) return;
        if (process.stderr.isTTY) process.stderr.write(showCursor);
        process.exit(exitCode);
      }
      exitCode = exitCodeOf(name);
      first = performance.now();
      controller.abort(new MkbaseError({ code: 'INTERRUPTED', message: `Stopped by ${name}.` }));
    });
  }
  return { signal: controller.signal, exitCode: () => exitCode };
}

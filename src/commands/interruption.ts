import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { MkbaseError } from '../base/errors.ts';

/** Signals that ask a build to stop: Ctrl-C, `kill`, and a terminal that was closed. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A shell's exit code for a process that a signal ended. */
const exitCodeOf = (name: (typeof stopSignals)[number]): number => 128 + constants.signals[name];

export interface Interruption {
  readonly signal: AbortSignal;
  /** 130 for SIGINT, 143 for SIGTERM; undefined while nobody has asked to stop. */
  exitCode(): number | undefined;
  /** Ends the process with the signal's exit code, else with the given one. */
  end(exitCode: number): Promise<never>;
}

/**
 * One press of Ctrl-C may come as several signals: from the terminal, and once more from npx or
 * timeout(1), which pass theirs on.
 */
const onePressMilliseconds = 500;

/** ECMA-48 with DEC's private mode 25: shows the cursor again. */
const showCursor = '\u001b[?25h';

/** Time between two looks at a process that was asked to stop. */
const lookMilliseconds = 250;

/** Looks after which a process that does nothing but wait for a file is ended. */
const mostIdleLooks = 2;

/** Resources of a process that is cleaning up: a program that is being ended, a connection. */
const working = /^(?:ProcessWrap|TCPSocketWrap|TCPConnectWrap)$/;

/** Returns whether a file operation goes on; Node's own exit waits for it, for ever if the disk is gone. */
const isReading = (): boolean =>
  process.getActiveResourcesInfo().some((each) => each.startsWith('FSReq'));

/** Ends the process at once, as a program without a handler ends: a shell sees the same exit code. */
function endBySignal(name: NodeJS.Signals): void {
  if (process.stderr.isTTY) process.stderr.write(showCursor);
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/** Tells whether Node has a terminal to give back as it was: where that was closed, it ends by an abort. */
const onTerminal = (): boolean =>
  [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY === true);

/** Returns a function that says whether the process did nothing but wait for a file since the last look. */
function idleness(): () => boolean {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const works = process.getActiveResourcesInfo().some((each) => working.test(each));
    return isReading() && !works && utilization < 0.02;
  };
}

/**
 * Ends the process as the signal itself would, once it does nothing but wait for a file. Cleaning up goes
 * on for as long as it takes.
 */
function endWhenStuck(name: NodeJS.Signals): void {
  let idle = 0;
  const isIdle = idleness();
  const timer = setInterval(() => {
    idle = isIdle() ? idle + 1 : 0;
    if (idle >= mostIdleLooks) endBySignal(name);
  }, lookMilliseconds);
  timer.unref();
}

/**
 * Turns the first signal into an abort, so that the build cleans up after itself; a second one
 * ends the process at once, and what is then left is for the next run to remove.
 */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let stoppedBy: NodeJS.Signals | undefined;
  let first = 0;
  for (const name of stopSignals) {
    process.on(name, () => {
      if (exitCode !== undefined) {
        if (performance.now() - first < onePressMilliseconds) return;
        if (isReading()) endBySignal(name);
        else process.exit(exitCode);
        return;
      }
      stoppedBy = name;
      exitCode = exitCodeOf(name);
      first = performance.now();
      endWhenStuck(name);
      controller.abort(new MkbaseError({ code: 'INTERRUPTED', message: `Stopped by ${name}.` }));
    });
  }
  async function end(usual: number): Promise<never> {
    // A file that is being read is no reason to wait; one that never answers would hold Node's exit up.
    if (stoppedBy !== undefined && isReading()) {
      const isIdle = idleness();
      await sleep(lookMilliseconds);
      if (isIdle()) endBySignal(stoppedBy);
    }
    if (stoppedBy === 'SIGHUP' && onTerminal()) endBySignal(stoppedBy);
    return process.exit(exitCode ?? usual);
  }

  return { signal: controller.signal, exitCode: () => exitCode, end };
}

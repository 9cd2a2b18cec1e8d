import { setTimeout as pause } from 'node:timers/promises';
import { interrupted, MkbaseError } from '../../base/errors.ts';
import type { Io, Stage } from '../../base/events.ts';
import { TransferFailure } from './failure.ts';
import type { DownloadLimits } from './transfer.ts';

/**
 * Attempts a URL until it succeeds, fails for good, or `limits.retries` attempts in a row got hardly
 * any further. `reached` returns how many bytes there are so far. Fails as the last attempt did.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  reached: () => number,
  limits: DownloadLimits,
  io: Io,
  stage: Stage = 'fetch',
): Promise<T> {
  let furthest = 0;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransferFailure) || !error.again) throw error;
      if (reached() - furthest >= limits.worthwhileBytes) failures = 1;
      furthest = Math.max(furthest, reached());
      if (failures > limits.retries) throw error;
      io.emit({ type: 'log', stage, line: `${error.message} Trying again.` });
      const pause = limits.firstPause * 2 ** (failures - 1);
      await pauseFor(Math.max(pause, error.wait), io.signal);
    }
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => {
    throw interrupted(signal);
  });
}

/**
 * Tries URLs in order until one serves. When none does, the error names each with its reason:
 * SOURCE_CORRUPT if one sent wrong bytes, else SOURCE_UNREACHABLE.
 */
export async function firstOf<T>(
  urls: readonly string[],
  attempt: (url: string) => Promise<T>,
): Promise<T> {
  const failures: TransferFailure[] = [];
  for (const url of urls) {
    try {
      return await attempt(url);
    } catch (error) {
      if (!(error instanceof TransferFailure)) throw error;
      failures.push(error);
    }
  }
  throw noneOf(failures);
}

function noneOf(failures: readonly TransferFailure[]): MkbaseError {
  const telling = failures.find(({ code }) => code === 'SOURCE_CORRUPT') ?? failures[0];
  if (telling === undefined) {
    return new MkbaseError({ code: 'INTERNAL', message: 'A download without any URL.' });
  }
  const reasons = failures.map(({ message }) => message).join('\n');
  return new MkbaseError({
    code: telling.code,
    message: `Could not fetch ${reasons}`,
    hint: telling.hint,
    cause: telling,
  });
}

import { unreachable } from '../store/transfer/failure.ts';
import type { RequestBody } from '../store/transfer/http-request.ts';
import type { RegistryLimits } from './limits.ts';

/** A body that is being sent, and the watch over it. */
export interface Sending {
  readonly body: RequestBody | undefined;
  /** Ends the watch. */
  end(): void;
}

/** Passes a body on and tells of its progress. */
async function* watched(body: AsyncIterable<Uint8Array>, sent: () => void, settles: () => void) {
  for await (const chunk of body) {
    yield chunk;
    sent();
  }
  settles();
}

/**
 * Watches over a body while it is sent: aborts `stop` with a TransferFailure when the registry takes nothing for too
 * long, or does not answer for much longer once it has everything.
 */
export function watchSending(
  body: RequestBody | undefined,
  { idle, settling }: RegistryLimits,
  where: string,
  stop: AbortController,
): Sending {
  if (body === undefined) return { body, end: () => {} };
  const giveUp = () =>
    stop.abort(
      unreachable(`${where}: it takes nothing more.`, {
        again: true,
        hint: 'Try again later, or ask whoever runs the registry.',
      }),
    );
  const isWhole = body instanceof Uint8Array;
  let timer = setTimeout(giveUp, isWhole ? settling : idle);
  const end = () => clearTimeout(timer);
  if (isWhole) return { body, end };
  const settles = () => {
    end();
    timer = setTimeout(giveUp, settling);
  };
  return { body: watched(body, () => timer.refresh(), settles), end };
}

import type { MkbaseError } from '../base/errors.ts';
import type { Event } from '../base/events.ts';

/** One way of showing a build while it runs. */
export interface View {
  emit(event: Event): void;
  /** Says that the build was asked to stop and is cleaning up. */
  stopping(): void;
  /** Ends the view, with the error when the build failed; resolves once it draws no more. */
  end(error?: MkbaseError): Promise<void>;
}

/** Milliseconds since 1970 by a clock that never goes back. */
export type Clock = () => number;

export const steadyClock: Clock = () => performance.timeOrigin + performance.now();

/** Shows nothing: `--quiet`. */
export const silentView: View = {
  emit() {},
  stopping() {},
  async end() {},
};

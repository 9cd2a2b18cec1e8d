import type { Emit } from '../../../src/base/events.ts';
import type { Clock } from '../../../src/ui/view.ts';
import type { TimedEvent } from './build-events.ts';

/** Noon of the first of January 2026, UTC. */
const start = Date.UTC(2026, 0, 1, 12);

/** A clock that goes only when events are played. */
export function createPlayer(): {
  readonly clock: Clock;
  play(events: readonly TimedEvent[], emit: Emit): void;
} {
  let now = start;
  return {
    clock: () => now,
    play(events, emit) {
      for (const { after, event } of events) {
        now += after;
        emit(event);
      }
    },
  };
}

import type { Io, Warning } from '../base/events.ts';

/**
 * Makes a function that warns of what an engine cannot enforce on this machine, the first time that
 * it is called.
 */
export function warnOnce(gaps: readonly Warning[]): (io: Io) => void {
  let waiting = gaps;
  return (io) => {
    for (const warning of waiting) io.emit({ type: 'warning', stage: 'build', warning });
    waiting = [];
  };
}

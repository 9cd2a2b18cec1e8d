import type { Io, Stage, Warning } from '../base/events.ts';

/** Joins what an engine cannot enforce into one warning. */
function sandboxGap(gaps: readonly Warning[]): Warning {
  const join = (texts: readonly string[]) => [...new Set(texts)].join(' ');
  return {
    code: 'sandbox-gap',
    message: join(gaps.map(({ message }) => message)),
    advice: join(gaps.flatMap(({ advice }) => advice ?? [])),
  };
}

/**
 * Makes a function that warns of what an engine cannot enforce on this machine, once: when it is
 * first called with something to tell.
 */
export function warnOnce(): (gaps: readonly Warning[], stage: Stage, io: Io) => void {
  let told = false;
  return (gaps, stage, io) => {
    if (told || gaps.length === 0) return;
    told = true;
    io.emit({ type: 'warning', stage, warning: sandboxGap(gaps) });
  };
}

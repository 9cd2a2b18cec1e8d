import { setImmediate as breathe } from 'node:timers/promises';

/** Others get a turn this often; calls that wait are quicker here by far than those that do not. */
const turnMilliseconds = 10;

/** The time since which a removal has kept others waiting. */
export interface Turn {
  turnStarted: number;
}

/** Lets others do something, where they have waited for long. */
export async function takeTurns(turn: Turn): Promise<void> {
  if (performance.now() - turn.turnStarted < turnMilliseconds) return;
  await breathe();
  turn.turnStarted = performance.now();
}

export const isMissing = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Tells whether a removal came about; somebody else having done it is as good. */
export function isUnlinked(removal: () => void): boolean {
  try {
    removal();
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

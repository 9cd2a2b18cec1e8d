import type { MkbaseError } from '../base/errors.ts';
import type { Event, Warning } from '../base/events.ts';
import { manyLines, oneLine } from './text.ts';

/** A failed tool's last lines of output are kept for the error. */
const keptLines = 20;

/** Keeps what a live list wipes away and a failure still needs: the last log lines, and the warnings. */
export function createLogTail() {
  const log: string[] = [];
  const warnings: Warning[] = [];
  return {
    take(event: Event) {
      if (event.type === 'warning') warnings.push(event.warning);
      if (event.type === 'stage-start') log.length = 0;
      if (event.type !== 'log') return;
      log.push(oneLine(event.line));
      if (log.length > keptLines) log.shift();
    },
    /** Leaves the log out when the error's own message ends with it, or when a person ended it all. */
    recall(error: MkbaseError): string[] {
      const last = log.findLast((line) => line.trim() !== '');
      const stopped = error.code === 'INTERRUPTED';
      const told = stopped || last === undefined || manyLines(error.message).includes(last.trim());
      const warned = warnings.map(({ message }) => `warning: ${oneLine(message)}`);
      return [...warned, ...(told ? [] : log)];
    },
  };
}

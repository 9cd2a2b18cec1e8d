import type { Io, Warning } from '../base/events.ts';
import { type JsonRecord, list, record } from '../base/json.ts';
import type { Check } from './report.ts';

const revoked = 'revoked-key';

/** What a build may be let accept, as far as signatures are followed by the same rules again. */
const followed = [revoked, 'ended'] as const;

/** Returns what a build says that it was let accept, of what matters to signatures. */
export function allowedIn(provenance: JsonRecord): readonly (typeof followed)[number][] {
  const { buildDefinition } = record(provenance.predicate);
  const { allow } = record(record(buildDefinition).externalParameters);
  return followed.filter((each) => list(allow).includes(each));
}

/** Warnings about keys that signed in time and are good no more, and what takes them down. */
export interface KeyWarnings {
  readonly warnings: readonly Warning[];
  readonly io: Io;
}

/** Returns what notes each warning of a check of signatures once. */
export function keyWarnings(signal: AbortSignal): KeyWarnings {
  const found = new Map<string, Warning>();
  const emit: Io['emit'] = (event) => {
    if (event.type === 'warning') found.set(event.warning.message, event.warning);
  };
  return {
    get warnings() {
      return [...found.values()];
    },
    io: { emit, signal },
  };
}

/**
 * Says of each key that has ended what became of it. A key that signed before it expired counts; one that
 * somebody else may hold proves nothing, and was believed because the build says that it was let.
 */
export const endedKeys = (signatures: string, { warnings }: KeyWarnings): Check[] =>
  warnings.map(({ code, message }) => {
    const said = message.replace(/\.$/, '');
    const what = `${signatures}: ${said}`;
    if (code !== revoked) return { what, mismatches: [] };
    const claimed = 'only whoever made the lock knows that it is older than the loss';
    return { what, mismatches: [], claimed };
  });

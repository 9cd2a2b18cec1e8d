import { inputSets } from '../../lock/inputs.ts';
import type { Lock } from '../../lock/schema.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const daySeconds = 86_400;

/** A part of the image, and when what it came from was signed or released; seconds since 1970. */
export interface DatedPart {
  readonly part: string;
  readonly newest: number;
}

/**
 * Returns the parts of an image with their dates. A set of packages is as new as the newest of its
 * indexes: those of a released suite change with each point release only, those of its security suite
 * with each update.
 */
export function datedParts(lock: Lock): DatedPart[] {
  const newest = new Map<string, number>();
  for (const { of, inputs, indexes } of inputSets(lock)) {
    for (const { dated } of [...indexes, ...inputs]) {
      if (dated === undefined) continue;
      const part = of === 'builder' ? 'toolchain' : dated.part;
      newest.set(part, Math.max(dated.date, newest.get(part) ?? 0));
    }
  }
  return [...newest].map(([part, date]) => ({ part, newest: date }));
}

/** Finds parts of a lock whose newest index or release is older than allowed. */
export function indexAge(
  { most }: RuleSettings<'indexAge'>,
  { lock, now }: PolicySubject,
): Violation[] {
  const days = Number.parseInt(most, 10);
  return datedParts(lock).flatMap(({ part: what, newest }) => {
    const age = Math.floor((now.getTime() / 1000 - newest) / daySeconds);
    if (age <= days) return [];
    const day = new Date(newest * 1000).toISOString().slice(0, 10);
    return [
      {
        kind: 'input',
        subject: what,
        message: `The newest index or release of the ${what} is of ${day}, ${age} days ago; at most ${days} are allowed.`,
        remedy: 'Lock anew with `mkbase update`, from a mirror that is up to date.',
      },
    ];
  });
}

import { bytesIn } from '../../base/format.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

/** Finds a layer that is larger than allowed. */
export function size({ most }: RuleSettings<'size'>, subject: PolicySubject): Violation[] {
  const bytes = bytesIn(most) ?? 0;
  if (subject.size <= bytes) return [];
  return [
    {
      kind: 'image',
      message: `The layer has ${subject.size} bytes; at most ${most} (${bytes} bytes) are allowed.`,
      remedy: 'Take fewer packages, or leave out what is not needed with "slim".',
    },
  ];
}

import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const units = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
} as const;

/** Returns the bytes in a policy's size, for instance `64MiB`. */
function bytesIn(size: string): number {
  const [, count = '', unit = ''] = /^([0-9]+)(.+)$/.exec(size) ?? [];
  return Number(count) * units[unit as keyof typeof units];
}

/** Finds a layer that is larger than allowed. */
export function size({ most }: RuleSettings<'size'>, subject: PolicySubject): Violation[] {
  if (subject.size <= bytesIn(most)) return [];
  return [
    {
      kind: 'image',
      message: `The layer has ${subject.size} bytes; at most ${most} (${bytesIn(most)} bytes) are allowed.`,
      remedy: 'Take fewer packages, or leave out what is not needed with "slim".',
    },
  ];
}

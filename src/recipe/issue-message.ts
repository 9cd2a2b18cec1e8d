import type { core } from 'zod';

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

function bound(word: string, limit: number | bigint, origin: string): string {
  const unit = units[origin];
  if (unit === undefined) return `expected a number of ${word} ${limit}`;
  return `expected ${word} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}

/** Messages for issues that the schema gives none of its own; explain() words the others. */
export function issueMessage(issue: core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_small') return bound('at least', issue.minimum, issue.origin);
  if (issue.code === 'too_big') return bound('at most', issue.maximum, issue.origin);
  return undefined;
}

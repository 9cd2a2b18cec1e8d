import { absolute, allowedPaths } from '../allowed-paths.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

/** Finds paths with bytes that neither a package nor the recipe accounts for. */
export function unattributed(
  { allow }: RuleSettings<'unattributed'>,
  { inventory }: PolicySubject,
): Violation[] {
  const isAllowed = allowedPaths(allow);
  return inventory.unattributed
    .filter(({ path }) => !isAllowed(path))
    .map(({ path, reason }) => ({
      kind: 'path',
      subject: absolute(path),
      message: `${absolute(path)} is attributed to nothing: ${reason}.`,
      remedy:
        'Let the recipe state it under "files", leave it out with "slim", or name it under "allow" with the reason.',
    }));
}

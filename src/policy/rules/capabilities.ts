import { absolute, allowedPaths } from '../allowed-paths.ts';
import { capabilityNames } from '../capability-names.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const attribute = 'security.capability';

/** Files with capabilities that the policy does not name. A recipe has no word to give any. */
export function capabilities(
  { allow }: RuleSettings<'capabilities'>,
  { entries }: PolicySubject,
): Violation[] {
  const isAllowed = allowedPaths(allow);
  return entries.flatMap(({ path, xattrs }) => {
    const value = xattrs.find(([name]) => name === attribute)?.[1];
    if (value === undefined || isAllowed(path)) return [];
    return [
      {
        kind: 'path',
        subject: absolute(path),
        message: `${absolute(path)} gives whoever runs it ${capabilityNames(value).join(', ')}.`,
        remedy: 'Leave the file out with "slim", or name it under "allow" with the reason.',
      },
    ];
  });
}

import { absolute, allowedPaths } from '../allowed-paths.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const bitsOf = (mode: number): string =>
  [...(mode & 0o4000 ? ['set-user-id'] : []), ...(mode & 0o2000 ? ['set-group-id'] : [])].join(
    ' and ',
  );

/** Finds set-id files, further names of one included, that neither recipe nor policy declares. */
export function setuid(
  { allow }: RuleSettings<'setuid'>,
  { entries, declared }: PolicySubject,
): Violation[] {
  const isAllowed = allowedPaths(allow);
  return entries.flatMap(({ type, path, mode, uid, gid }) => {
    if ((type !== 'file' && type !== 'hardlink') || (mode & 0o6000) === 0) return [];
    if (declared.has(path) || isAllowed(path)) return [];
    return [
      {
        kind: 'path',
        subject: absolute(path),
        message: `${absolute(path)} is ${bitsOf(mode)} (mode ${mode.toString(8)}, owner ${uid}:${gid}).`,
        remedy:
          'Leave it out with "slim", give it an ordinary mode, or name it under "allow" with the reason.',
      },
    ];
  });
}

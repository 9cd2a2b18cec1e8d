import type { Entry } from '../../tar/entry.ts';
import { absolute, allowedPaths } from '../allowed-paths.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

/** Returns whether anybody can write to an entry. In a sticky folder nobody can replace another's files. */
const isOpen = ({ type, mode }: Entry): boolean =>
  type !== 'symlink' && (mode & 0o002) !== 0 && !(type === 'directory' && (mode & 0o1000) !== 0);

/** Finds paths that anybody can write to and that neither recipe nor policy declares. */
export function worldWritable(
  { allow }: RuleSettings<'worldWritable'>,
  { entries, declared }: PolicySubject,
): Violation[] {
  const isAllowed = allowedPaths(allow);
  return entries
    .filter((entry) => isOpen(entry) && !declared.has(entry.path) && !isAllowed(entry.path))
    .map(({ path, type, mode }) => ({
      kind: 'path',
      subject: absolute(path),
      message: `${absolute(path)}, a ${type}, can be written by anybody (mode ${mode.toString(8)}).`,
      remedy:
        'State another mode for it under "files", leave it out with "slim", or name it under "allow" with the reason.',
    }));
}

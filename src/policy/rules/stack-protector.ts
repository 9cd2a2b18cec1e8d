import { absolute, allowedPaths } from '../allowed-paths.ts';
import type { ElfFile } from '../elf-files.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';

/** Finds programs and libraries in which certainly no function has a stack canary. */
export function stackProtector(
  { allow }: RuleSettings<'stackProtector'>,
  files: readonly ElfFile[],
): Violation[] {
  const isAllowed = allowedPaths(allow);
  return files.flatMap((file) => {
    if (isAllowed(file.path) || 'problem' in file || file.hardening.stackCanary !== false)
      return [];
    const path = absolute(file.path);
    return [
      {
        kind: 'path',
        subject: path,
        message: `${path} has no function with a stack canary.`,
        remedy:
          'Compile it with -fstack-protector-strong; if none of its functions needs a canary, name it under "allow" with the reason.',
      },
    ];
  });
}

import type { Hardening } from '../../elf/hardening.ts';
import { absolute, allowedPaths } from '../allowed-paths.ts';
import { type ElfFile, elfProblem } from '../elf-files.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';

type Property = 'pie' | 'relro' | 'bindNow' | 'nx';

/** Words for each missing property, and the flags that give it. */
const missing: Readonly<Record<Property, readonly [what: string, flags: string]>> = {
  pie: [
    'is loaded at a fixed address (no PIE)',
    'compile with -fPIE and link with -pie, a static program with -static-pie ("flags" and "linkFlags")',
  ],
  relro: ['leaves its relocations writable (no RELRO)', 'link with -Wl,-z,relro'],
  bindNow: ['binds symbols lazily (no BIND_NOW)', 'link with -Wl,-z,now'],
  nx: ['has an executable stack (no NX)', 'link with -Wl,-z,noexecstack'],
};

const properties: readonly Property[] = ['pie', 'relro', 'nx'];

function violationOf(path: string, lacking: readonly Property[]): Violation {
  return {
    kind: 'path',
    subject: path,
    message: `${path} ${lacking.map((property) => missing[property][0]).join(' and ')}.`,
    remedy: `Build it anew: ${lacking.map((property) => missing[property][1]).join('; ')}. Or name it under "allow" with the reason.`,
  };
}

const lacks = (hardening: Hardening, asked: readonly Property[]): Property[] =>
  asked.filter((property) => !hardening[property]);

/** Finds programs and libraries without the required protections. */
export function hardening(
  { require = [...properties], allow }: RuleSettings<'hardening'>,
  files: readonly ElfFile[],
): Violation[] {
  const isAllowed = allowedPaths(allow);
  return files.flatMap((file) => {
    if (isAllowed(file.path)) return [];
    const path = absolute(file.path);
    if ('problem' in file) return [elfProblem(path, file.problem)];
    const lacking = lacks(file.hardening, require);
    return lacking.length === 0 ? [] : [violationOf(path, lacking)];
  });
}

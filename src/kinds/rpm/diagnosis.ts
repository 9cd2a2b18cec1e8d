import type { Diagnosed, Diagnosis } from '../../engines/step.ts';

/**
 * Words by which rpm tells that a scriptlet failed (rpmscript.c, rpmlua.c): for most it goes on, and ends well
 * all the same. They follow what the scriptlet printed last, which may have ended without a newline.
 */
export const failures = [
  ') scriptlet failed',
  'error: lua script failed: ',
  'error: invalid syntax in lua script',
] as const;

/** The names of scriptlets that are not the same as in a spec file. */
const inSpec: Readonly<Record<string, string>> = { prein: 'pre', postin: 'post' };

/** A scriptlet as rpm names it: `%post(bash-5.2-1.x86_64)`. */
const named = /%(\w+)\((\S+?)\)(?= scriptlet failed|"\])/;

const isFailure = (line: string): boolean => failures.some((each) => line.includes(each));

const refusal = /^error: /;

const context = 10;

interface Found {
  readonly line: string;
  readonly before: readonly string[];
  since: number;
}

const cannotInstall =
  'Take out, under "packages", what rpm names; a conflict of files is a fault of the repository.';

/** Returns what to do about the line by which rpm names a scriptlet. */
function hintFor(line: string): string {
  const [, scriptlet = '', of = ''] = named.exec(line) ?? [];
  if (of === '') return cannotInstall;
  const name = of.replace(/-[^-]+-[^-]+$/, '');
  return `It was the %${inSpec[scriptlet] ?? scriptlet} scriptlet of ${of} that failed; rpm itself might go on. It runs without network and without services. Where the image can do without the package, take it out of "packages", or name ${name} under "exclude"; else report it to the package's maker.`;
}

/** Opens the diagnosis of an installation: it names the package whose scriptlet failed, or what rpm refuses first. */
export function diagnoseRpm(): Diagnosis {
  const before: string[] = [];
  let failed: Found | undefined;
  let refused: Found | undefined;
  return {
    take(line) {
      for (const found of [failed, refused]) if (found !== undefined) found.since += 1;
      const found = () => ({ line, before: [...before], since: 0 });
      if (failed === undefined && isFailure(line)) failed = found();
      if (refused === undefined && refusal.test(line)) refused = found();
      before.push(line);
      if (before.length > context) before.shift();
    },
    async read(): Promise<Diagnosed | undefined> {
      const found = failed ?? refused;
      return found && { ...found, after: [], hint: hintFor(found.line) };
    },
  };
}

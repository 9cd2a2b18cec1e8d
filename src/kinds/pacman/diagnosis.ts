import type { Diagnosed, Diagnosis } from '../../engines/step.ts';

/**
 * The words by which pacman tells that a script or a hook failed (libalpm's util.c): it goes on, and exits
 * with 0 all the same. They follow what the script printed last, which may have ended without a newline.
 */
export const failures = [
  'error: command failed to execute correctly',
  'error: command terminated by signal ',
  'call to execv failed ',
] as const;

const operation = /^(?:installing|upgrading|reinstalling|downgrading) (\S+)\.\.\.$/;
const hook = /^\( *\d+\/\d+\) (.+)$/;
const phase =
  /^(?:Running (?:pre|post)-transaction hooks\.\.\.|:: (?:Running (?:pre|post)-transaction hooks|Processing package changes)\.\.\.)$/;

const context = 6;

/** Opens the diagnosis of an installation: it names the package, or the hook, whose script failed. */
export function diagnosePacman(): Diagnosis {
  const before: string[] = [];
  let running = '';
  let found: { about: string; line: string; before: readonly string[]; since: number } | undefined;
  return {
    take(line) {
      if (found !== undefined) {
        found.since += 1;
        return;
      }
      const [, name] = operation.exec(line) ?? [];
      const [, title] = hook.exec(line) ?? [];
      if (name !== undefined) running = `the install script (.INSTALL) of ${name}`;
      else if (title !== undefined) running = `the hook ${JSON.stringify(title)}`;
      else if (phase.test(line)) running = '';
      if (failures.some((each) => line.includes(each))) {
        found = { about: running, line, before: before.slice(-context), since: 0 };
      } else before.push(line);
      if (before.length > context) before.shift();
    },
    async read(): Promise<Diagnosed | undefined> {
      if (found === undefined) return undefined;
      const { about, line, since } = found;
      return {
        before: found.before,
        line,
        after: [],
        since,
        ...(about !== '' && {
          hint: `It was ${about} that failed; pacman itself would go on. What it printed stands above. Leave the package out, choose another snapshot, or add what the script calls.`,
        }),
      };
    },
  };
}

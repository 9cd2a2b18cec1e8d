import { quoteWord, shellWord } from '../base/shell-word.ts';

/** Writes a command as one simple command of a shell script. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/** Writes a command as it is told before it runs, in the form in which it could be typed. */
export const toldWords = (argv: readonly string[]): string => `+ ${argv.map(shellWord).join(' ')}`;

/** Writes a command that is first told on standard error. */
export function toldCommand(argv: readonly string[]): string[] {
  return [`printf '%s\\n' ${quoteWord(toldWords(argv))} >&2`, commandLine(argv)];
}

/** Writes variables as the words of env(1). */
export const assignments = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .map(([name, value]) => quoteWord(`${name}=${value}`))
    .join(' ');

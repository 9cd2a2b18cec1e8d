/**
 * Quotes a text as one word of a POSIX shell script (POSIX.1-2017, Shell Command Language, 2.2.2
 * Single-Quotes).
 */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Writes a command as one simple command of a shell script. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/** Quotes a word as a POSIX shell reads it back, only where it has to be quoted. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : quoteWord(word);

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

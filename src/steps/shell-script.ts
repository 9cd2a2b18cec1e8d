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

import type { CommanderError } from 'commander';
import { MkbaseError } from '../base/errors.ts';
import { suggest } from '../base/suggest.ts';

/** Every command; a test holds the list against the command line itself. */
export const commandNames = [
  'build',
  'run',
  'watch',
  'shell',
  'export',
  'copy',
  'init',
  'list',
  'show',
  'schema',
  'lock',
  'update',
  'bundle',
  'keys',
  'verify',
  'diff',
  'sign',
  'doctor',
  'gc',
  'completion',
  'help',
] as const;

const wrongChoice = / '([^']*)' (?:from env '[^']*' )?is invalid\b.* Allowed choices are (.*)\.$/;

/** Returns commander's own suggestion for an option, or the value out of a list that was most likely meant. */
function suggestion(message: string, second: string): string | undefined {
  if (second !== '') return second.replace(/^\((.*)\)$/, '$1');
  const [, word, choices] = wrongChoice.exec(message) ?? [];
  const meant = suggest(word ?? '', choices?.split(', ') ?? []);
  return meant && `Did you mean ${meant}?`;
}

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Answers `mkbase help <word>`, where commander prints help again and says nothing. */
function noSuchCommand(word: string): MkbaseError {
  const meant = suggest(word, commandNames);
  return new MkbaseError({
    code: 'USAGE',
    message: `There is no command ${JSON.stringify(word)}.`,
    hint: meant === undefined ? 'See mkbase --help.' : `Did you mean ${meant}?`,
  });
}

/** Turns commander's complaint into one of ours. */
export function usageError(error: CommanderError, argv: readonly string[]): MkbaseError {
  if (error.code === 'commander.help') return noSuchCommand(argv[1] ?? '');
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const command = commandNames.find((name) => name === argv[0]) ?? 'build';
  return new MkbaseError({
    code: 'USAGE',
    message: /[.?!]$/.test(first) ? capitalized(first) : `${capitalized(first)}.`,
    hint: suggestion(first, rest.join(' ')) ?? `See mkbase ${command} --help.`,
  });
}

/**
 * Adds to a RECIPE_NOT_FOUND that a command may have been meant: `mkbase lst` asks for a recipe named
 * lst. An error that suggests a recipe already, and any other error, comes back as it is.
 */
export function suggestCommand(error: unknown, recipe: string): unknown {
  if (!(error instanceof MkbaseError) || error.code !== 'RECIPE_NOT_FOUND') return error;
  const command = suggest(recipe, commandNames);
  const { message, hint, cause } = error;
  if (command === undefined || hint?.startsWith('Did you mean')) return error;
  const suggested = `Did you mean the command "mkbase ${command}"?`;
  return new MkbaseError({
    code: 'RECIPE_NOT_FOUND',
    message,
    hint: hint === undefined ? suggested : `${suggested} ${hint}`,
    cause,
  });
}

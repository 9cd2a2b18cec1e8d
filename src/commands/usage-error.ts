import type { CommanderError } from 'commander';
import { MkbaseError } from '../base/errors.ts';
import { suggest } from '../base/suggest.ts';
import { commandNames } from './command-names.ts';

const wrongChoice = / '([^']*)' (?:from env '[^']*' )?is invalid\b.* Allowed choices are (.*)\.$/;

/** What was most likely meant by an option, as commander suggests it, or by a value out of a list. */
function suggestion(message: string, second: string): string | undefined {
  if (second !== '') return second.replace(/^\((.*)\)$/, '$1');
  const [, word, choices] = wrongChoice.exec(message) ?? [];
  const meant = suggest(word ?? '', choices?.split(', ') ?? []);
  return meant && `Did you mean ${meant}?`;
}

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** `mkbase help <word>`: commander prints help again and says nothing. */
function noSuchCommand(word: string): MkbaseError {
  const meant = suggest(word, commandNames);
  return new MkbaseError({
    code: 'USAGE',
    message: `There is no command ${JSON.stringify(word)}.`,
    hint: meant === undefined ? 'See mkbase --help.' : `Did you mean ${meant}?`,
  });
}

/** commander's complaint as one of ours. */
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

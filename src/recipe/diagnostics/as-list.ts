import { shortened } from '../../base/characters.ts';

/** Characters that only a shell gives a meaning to; a tilde and a glob may be plain text. */
const shellSyntax = /[|&;<>\n]/;
const expansion = /[$`]/;

const singleQuoted = /'[^']*'/g;
const doubleQuoted = /"(?:[^"\\]|\\.)*"/gs;

/** Tells whether a line means something else to a shell than its words. */
function needsShell(line: string): boolean {
  const expanded = line.replace(singleQuoted, '');
  return expansion.test(expanded) || shellSyntax.test(expanded.replace(doubleQuoted, ''));
}

const lexeme = /\s+|"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+)/gs;

/** Splits a line into words as a shell does (POSIX, 2.2 Quoting); undefined for an open quote. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let inWord = false;
  let end = 0;
  for (const { 0: all, 1: double, 2: single, 3: bare, index } of line.matchAll(lexeme)) {
    if (index !== end) return undefined;
    end += all.length;
    const piece = single ?? (double ?? bare)?.replace(/\\(.)/gs, '$1');
    if (piece === undefined) inWord = false;
    else if (inWord) words.push(words.pop() + piece);
    else words.push(piece);
    inWord = piece !== undefined;
  }
  return end === line.length ? words : undefined;
}

/** Matches text that YAML reads as itself within `[…]`, and not as a number, true, false or null. */
const plainWord =
  /^(?!(?:true|false|null|True|False|Null|TRUE|FALSE|NULL)$)-{0,2}[A-Za-z/][\w./+=-]*$/;

/** Writes a word as YAML, also within `[…]`. */
export const yamlWord = (word: string): string =>
  plainWord.test(word) ? word : JSON.stringify(word);

/** Writes a line as a YAML list: `[nginx, -g, "daemon off;"]` for `nginx -g 'daemon off;'`. */
export function asList(line: string): string {
  const words = wordsOf(line) ?? [line];
  return shortened(`[${words.map(yamlWord).join(', ')}]`);
}

/** Writes a command as a YAML list; one that needs a shell becomes an argument of `sh -c`. */
export const asCommand = (line: string): string =>
  needsShell(line) ? shortened(`[sh, -c, ${JSON.stringify(line)}]`) : asList(line);

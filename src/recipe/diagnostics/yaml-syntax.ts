import type { Document, ParsedNode, YAMLParseError } from 'yaml';
import { codePointName, unprintable } from '../../base/characters.ts';
import type { Mistake } from './recipe-error.ts';

/** Clearer words for the yaml library's terser codes. */
const explanations: Readonly<Partial<Record<YAMLParseError['code'], Omit<Mistake, 'span'>>>> = {
  TAB_AS_INDENT: { message: 'a tab cannot indent YAML', hint: 'use spaces' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second "key: value" on the same line',
    hint: 'put the value in quotes if the ":" belongs to it, or start a new line',
  },
  BAD_SCALAR_START: {
    message: 'text cannot start with this character',
    hint: 'put the text in quotes',
  },
  BAD_DQ_ESCAPE: {
    message: 'unknown escape in double quotes',
    hint: String.raw`write \\ for a backslash, or use single quotes`,
  },
  KEY_OVER_1024_CHARS: { message: 'a field name of more than 1024 characters' },
  RESOURCE_EXHAUSTION: { message: 'nested too deeply' },
};

const openQuote = {
  message: 'a closing quote is missing',
  hint: 'look above for the text that begins with the quote',
};

function toMistake(error: YAMLParseError): Mistake {
  const [start, end] = error.pos;
  if (error.message.startsWith('Missing closing')) return { span: { start, end }, ...openQuote };
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1, 200);
  return { span: { start, end }, message, ...explanations[error.code] };
}

/** Keeps the first error on a line; those after it are mostly its consequences. */
function firstOfEachLine(text: string, mistakes: readonly Mistake[]): Mistake[] {
  const sorted = [...mistakes].sort((a, b) => a.span.start - b.span.start);
  return sorted.filter((mistake, index) => {
    const previous = sorted[index - 1];
    return (
      previous === undefined ||
      text.slice(previous.span.start, mistake.span.start).includes('\n') ||
      mistake.span.start < previous.span.start
    );
  });
}

/** Mistakes after which the search ends: the file is no text at all. */
const mostCharacters = 1000;

/**
 * Finds characters that YAML 1.2 does not allow in a text (section 5.1: control characters) and those
 * that make a text look different from its contents.
 */
export function characterMistakes(text: string): Mistake[] {
  const found: Mistake[] = [];
  const everySuspect = new RegExp(unprintable, 'gu');
  for (const { 0: character, index } of text.matchAll(everySuspect)) {
    const lineBreak = character === '\n' || (character === '\r' && text[index + 1] === '\n');
    if (lineBreak || character === '\t') continue;
    if (found.length === mostCharacters) break;
    found.push({
      span: { start: index, end: index + 1 },
      message: `the invisible character ${codePointName(character)} is not accepted`,
      hint: 'remove it',
    });
  }
  return found;
}

/** Refuses directives: `%YAML 1.1` would change the meaning of values, `%TAG` only serves tags. */
function directiveMistakes(text: string, documents: readonly Document.Parsed[]): Mistake[] {
  const contents = documents[0]?.contents as ParsedNode | null | undefined;
  const prologue = text.slice(0, contents?.range[0] ?? text.length);
  return [...prologue.matchAll(/^%.*/gm)].map(({ 0: line, index }) => ({
    span: { start: index, end: index + line.trimEnd().length },
    message: 'a YAML directive is not accepted',
    hint: 'remove the line; recipes are YAML 1.2',
  }));
}

function extraDocument(documents: readonly Document.Parsed[], text: string): Mistake[] {
  const second = documents[1];
  if (second === undefined) return [];
  const start = text.lastIndexOf('---', second.contents?.range[0] ?? second.range[0] + 3);
  return [
    {
      span: { start: Math.max(0, start), end: Math.max(0, start) + 3 },
      message: 'a second YAML document begins here',
      hint: 'expected one document in the file',
    },
  ];
}

/** Finds all that keeps a parsed text from being one plain YAML 1.2 document. */
export function syntaxMistakes(text: string, documents: readonly Document.Parsed[]): Mistake[] {
  const directives = directiveMistakes(text, documents);
  if (directives.length > 0) return directives;
  const errors = documents.flatMap((document) => document.errors.map(toMistake));
  return firstOfEachLine(text, [...errors, ...extraDocument(documents, text)]);
}

import { SaxesParser } from 'saxes';
import { MkbaseError } from '../../../base/errors.ts';

/** An element as it opens; its attributes by name, prefixes and all. */
export interface XmlTag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Is called for each element of a document. `path` is the names of it and of those around it. */
export interface XmlHandler {
  open(tag: XmlTag, path: readonly string[]): void;
  /** `text` is what stands in the element itself, without blanks at its ends. */
  close(name: string, text: string, path: readonly string[]): void;
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Writes a text so that XML has it in an element or an attribute as it is. */
export const xmlText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => references[character]!);

const maxDepth = 16;
const maxText = 1024 * 1024;
/** Characters that may pass without the end of a tag, a text or a comment. */
const maxPending = 4 * 1024 * 1024;

/** Makes the error of metadata that cannot be believed to be what they should be. */
export const badMetadata = (what: string, problem: string, cause?: unknown): MkbaseError =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what} cannot be read: ${problem}.`,
    hint: 'Check that the address is one of a repository of rpm, and try another mirror.',
    cause,
  });

/**
 * Reads an XML document, as a stream. A document type is refused, with which comes what XML is abused for.
 * `handler` throws SyntaxError for what it does not take. Throws SOURCE_CORRUPT; errors of `source` pass
 * through.
 */
export async function readXml(
  source: AsyncIterable<Uint8Array>,
  handler: XmlHandler,
  what: string,
): Promise<void> {
  const parser = new SaxesParser();
  const path: string[] = [];
  const texts: string[] = [''];
  let pending = 0;
  const fail = (problem: string): never => {
    throw new SyntaxError(problem);
  };
  parser.on('error', (error) => fail(error.message));
  parser.on('doctype', () => fail('it has a document type'));
  parser.on('opentag', ({ name, attributes }) => {
    pending = 0;
    path.push(name);
    if (path.length > maxDepth) fail(`elements lie more than ${maxDepth} deep`);
    texts.push('');
    handler.open({ name, attributes }, path);
  });
  const append = (text: string) => {
    pending = 0;
    const last = texts.length - 1;
    texts[last] += text;
    if (texts[last]!.length > maxText) fail(`a text is longer than ${maxText} characters`);
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('comment', () => {
    pending = 0;
  });
  parser.on('closetag', ({ name }) => {
    pending = 0;
    handler.close(name, texts.pop()!.trim(), path);
    path.pop();
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const within = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      if (error instanceof MkbaseError) throw error;
      throw badMetadata(what, (error as Error).message, error);
    }
  };
  const write = (text: string) => {
    pending += text.length;
    parser.write(text);
    // The parser holds what has no end yet in memory.
    if (pending > maxPending) fail(`more than ${maxPending} characters pass without an end`);
  };
  for await (const chunk of source) {
    within(() => write(decoder.decode(chunk, { stream: true })));
  }
  within(() => parser.write(decoder.decode()).close());
}

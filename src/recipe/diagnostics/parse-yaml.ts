import { type Document, Lexer, type ParsedNode, parseAllDocuments } from 'yaml';
import { type Mistake, recipeError, type SourceText } from './recipe-error.ts';
import { characterMistakes, syntaxMistakes } from './yaml-syntax.ts';
import { buildTree, type Tree } from './yaml-tree.ts';

/** Tokens of several thousand lines; bounds the time and memory that a hostile file takes. */
const mostTokens = 50_000;

function refuseBombs(source: SourceText): void {
  let tokens = 0;
  for (const _ of new Lexer().lex(source.text)) {
    tokens++;
    if (tokens <= mostTokens) continue;
    const message = `the file holds more than ${mostTokens} words and signs`;
    const hint = 'put large contents into files beside the recipe';
    throw recipeError(source, [{ span: { start: 0, end: 0 }, message, hint }]);
  }
}

/**
 * Reads one document of YAML 1.2 (core schema) that is plain data: no anchors, aliases, merge keys,
 * tags, directives or duplicate fields.
 *
 * Returns the tree and the mistakes that do not keep the rest of it from being checked. Throws
 * RECIPE_INVALID when the text is no such document at all.
 */
export function parseYaml(source: SourceText): { tree: Tree; mistakes: Mistake[] } {
  const { text } = source;
  const characters = characterMistakes(text);
  if (characters.length > 0) throw recipeError(source, characters);
  refuseBombs(source);
  const documents = parseAllDocuments<ParsedNode>(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    // The library compares each key with every other; buildTree does it in linear time.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  }) as Document.Parsed<ParsedNode>[];
  const syntax = syntaxMistakes(text, documents);
  if (syntax.length > 0) throw recipeError(source, syntax);
  const contents = documents[0]?.contents;
  if (contents === undefined || contents === null) {
    const span = { start: 0, end: 0 };
    throw recipeError(source, [
      { span, message: 'the file holds nothing', hint: 'expected "name:" and "from:"' },
    ]);
  }
  const mistakes: Mistake[] = [];
  return { tree: buildTree(mistakes, contents), mistakes };
}

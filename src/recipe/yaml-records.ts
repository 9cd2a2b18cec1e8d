import { sha256OfBytes } from '../base/hash.ts';
import { parseYaml } from './diagnostics/parse-yaml.ts';
import { RecipeError, type SourceText } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';

/** One mapping: its scalars as the file spells them. Anything nested is left out. */
export type YamlRecord = ReadonlyMap<string, string>;

/**
 * Reads a published list of mappings as strictly as a recipe is read. Numbers and dates stay text,
 * as the file spells them. Throws SyntaxError, naming the line.
 */
export function yamlRecords(text: string): YamlRecord[] {
  const { items } = treeOf(text);
  if (items === undefined) throw new SyntaxError('it holds no list');
  return items.map(recordOf);
}

/** A value of YAML without its types: a scalar as the file spells it, fields, or entries. */
export interface YamlNode {
  readonly text?: string;
  readonly fields?: ReadonlyMap<string, YamlNode>;
  readonly items?: readonly YamlNode[];
}

function nodeOf(tree: Tree): YamlNode {
  if (tree.items !== undefined) return { items: tree.items.map(nodeOf) };
  if (tree.fields !== undefined) {
    return { fields: new Map([...tree.fields].map(([name, field]) => [name, nodeOf(field.tree)])) };
  }
  const text = tree.plain ?? tree.value;
  return typeof text === 'string' ? { text } : {};
}

/**
 * Reads a published stream of documents, each between `---` and `...` or the next, as strictly as a recipe
 * is read. Throws SyntaxError.
 */
export function yamlDocuments(text: string): YamlNode[] {
  const parts = text.split(/^(?:---|\.\.\.)[ \t]*$/m).filter((part) => part.trim() !== '');
  return parts.map((part) => nodeOf(treeOf(part)));
}

function treeOf(text: string): Tree {
  const sha256 = sha256OfBytes(text);
  const source: SourceText = { file: '', shownAs: '', text, sha256 };
  try {
    const { tree, mistakes } = parseYaml(source);
    if (mistakes[0] !== undefined) throw new SyntaxError(mistakes[0].message);
    return tree;
  } catch (error) {
    const first = error instanceof RecipeError ? error.diagnostics[0] : undefined;
    if (first === undefined) throw error;
    throw new SyntaxError(`line ${first.line}: ${first.message}`, { cause: error });
  }
}

function recordOf({ fields }: Tree): YamlRecord {
  if (fields === undefined) throw new SyntaxError('an entry of the list is no mapping');
  const scalars = [...fields].flatMap(([name, { tree }]): [string, string][] => {
    const text = tree.plain ?? tree.value;
    return typeof text === 'string' ? [[name, text]] : [];
  });
  return new Map(scalars);
}

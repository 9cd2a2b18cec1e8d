import type { core } from 'zod';
import { quoted, shortened } from '../../base/characters.ts';
import { argument } from '../schema/fields.ts';
import { asCommand, asList } from './as-list.ts';
import { coreSchema, fieldNames } from './schema-fields.ts';
import type { Tree } from './yaml-tree.ts';

/** Joins words: `"a", "b" or "c"`. */
export function alternatives(words: readonly string[], conjunction = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** Says which values a schema takes, in the words that docs/recipes.md uses. */
export function expectedBy(schema: core.$ZodType): string {
  const { def } = coreSchema(schema)._zod;
  switch (def.type) {
    case 'string':
      return 'text';
    case 'number':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'literal':
      return alternatives(def.values.map((value) => JSON.stringify(value)));
    case 'enum':
      return alternatives(Object.values(def.entries).map((value) => JSON.stringify(value)));
    case 'union':
      return alternatives([...new Set(def.options.map(kindOf))]);
    case 'object':
      return `fields (${fieldNames(schema).join(', ')})`;
    default:
      return 'fields ("name: value")';
  }
}

const kindOf = (schema: core.$ZodType): string =>
  coreSchema(schema)._zod.def.type === 'object' ? 'fields' : expectedBy(schema);

/** Says which value a tree holds, in the same words. */
export function foundIn(tree: Tree): string {
  if (tree.fields !== undefined) return 'fields';
  if (tree.items !== undefined) return 'a list';
  if (tree.value === null) return 'nothing';
  if (typeof tree.value === 'string') return `the text ${quoted(tree.value)}`;
  const written = shortened(tree.plain ?? String(tree.value));
  return typeof tree.value === 'number' ? `the number ${written}` : written;
}

const booleanWords: Readonly<Record<string, string>> = {
  yes: 'true',
  Yes: 'true',
  on: 'true',
  true: 'true',
  no: 'false',
  No: 'false',
  off: 'false',
  false: 'false',
};

/** Returns the schema of a list's entries; undefined for anything but a list. */
function elementOf(schema: core.$ZodType): core.$ZodTypes | undefined {
  const { def } = coreSchema(schema)._zod;
  return def.type === 'array' ? coreSchema(def.element) : undefined;
}

const isText = (schema: core.$ZodTypes | undefined): boolean =>
  schema !== undefined && ['string', 'enum'].includes(schema._zod.def.type);

/** Writes a line as the list of words, or the list of such lists, that the schema expects. */
function listed(schema: core.$ZodType, text: string): string | undefined {
  const element = elementOf(schema);
  if (element === undefined) return undefined;
  if (isText(element)) return element === argument ? asCommand(text) : asList(text);
  return isText(elementOf(element)) ? `[${asCommand(text)}]` : undefined;
}

/** Suggests how to write the value that was probably meant; undefined where that is unclear. */
export function rewriting(schema: core.$ZodType, tree: Tree): string | undefined {
  const { type } = coreSchema(schema)._zod.def;
  const { value, plain } = tree;
  if (type === 'string' && plain !== undefined) return `put it in quotes: ${quoted(plain)}`;
  const line = typeof value === 'string' ? value : plain;
  const list = line === undefined ? undefined : listed(schema, line);
  if (list !== undefined) return `write it as a list: ${list}`;
  if (typeof value !== 'string') return undefined;
  if (type === 'number' && /^[0-9]{1,15}$/.test(value)) return `write it without quotes: ${value}`;
  const word = type === 'boolean' || type === 'literal' ? booleanWords[value] : undefined;
  return word === undefined ? undefined : `write ${word}, without quotes`;
}

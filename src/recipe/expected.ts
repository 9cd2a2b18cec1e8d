import type { core } from 'zod';
import { quoted, shortened } from './characters.ts';
import { coreSchema, fieldNames } from './schema-path.ts';
import type { Tree } from './yaml-tree.ts';

/** `"a", "b" or "c"` */
export function alternatives(words: readonly string[], conjunction = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** What a schema takes, in the words that docs/recipes.md uses. */
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

/** What a tree holds, in the same words. */
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

function isListOfWords(schema: core.$ZodType): boolean {
  const { def } = coreSchema(schema)._zod;
  if (def.type !== 'array') return false;
  const { type } = coreSchema(def.element)._zod.def;
  return type === 'string' || type === 'enum';
}

/** How to write what was probably meant, where that can be told. */
export function rewriting(schema: core.$ZodType, tree: Tree): string | undefined {
  const { type } = coreSchema(schema)._zod.def;
  const { value, plain } = tree;
  if (type === 'string' && plain !== undefined) return `put it in quotes: ${quoted(plain)}`;
  if (isListOfWords(schema) && plain !== undefined)
    return `write it as a list: [${shortened(plain)}]`;
  if (typeof value !== 'string') return undefined;
  if (type === 'number' && /^[0-9]{1,15}$/.test(value)) return `write it without quotes: ${value}`;
  const word = type === 'boolean' || type === 'literal' ? booleanWords[value] : undefined;
  return word === undefined ? undefined : `write ${word}, without quotes`;
}

import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type Scalar } from 'yaml';
import { quoted, shortened } from '../../base/characters.ts';
import type { Span } from './excerpt.ts';
import type { Mistake } from './recipe-error.ts';

/** A YAML value as plain data that still knows where each part of it was written. */
export interface Tree {
  readonly span: Span;
  readonly value: unknown;
  /** A scalar as the file spells it, when it has no quotes there. */
  readonly plain?: string;
  /** The fields of a mapping. */
  readonly fields?: ReadonlyMap<string, Field>;
  /** The entries of a sequence. */
  readonly items?: readonly Tree[];
  /** Reported already; further mistakes in it are consequences. */
  readonly broken?: true;
}

/** A field of a mapping; `key` is where its name stands. */
export interface Field {
  readonly key: Span;
  readonly tree: Tree;
}

/** Levels of nesting: far more than any recipe has; the limit keeps the walk from overflowing the stack. */
const deepest = 32;

/** Names that mean something to JavaScript's objects or to YAML 1.1; no recipe needs them. */
const refusedNames = new Set(['__proto__', 'constructor', 'prototype', '<<']);

const loneSurrogate = /\p{Surrogate}/u;

const spanOf = (node: ParsedNode): Span => ({ start: node.range[0], end: node.range[1] });

function broken(mistakes: Mistake[], span: Span, message: string, hint: string): Tree {
  mistakes.push({ span, message, hint });
  return { span, value: undefined, broken: true };
}

/** Says what makes a node more than plain data, as [message, hint]. */
function refusal(node: ParsedNode, depth: number): [string, string] | undefined {
  if (depth > deepest) return ['nested too deeply', `expected at most ${deepest} levels`];
  if (isAlias(node)) return ['a YAML alias is not accepted', 'write the value itself'];
  if (node.anchor !== undefined) {
    return ['a YAML anchor is not accepted', `remove ${quoted(`&${node.anchor}`)}`];
  }
  if (node.tag !== undefined) return ['a YAML tag is not accepted', 'remove it'];
  if (isScalar(node) && typeof node.value === 'string' && loneSurrogate.test(node.value)) {
    return ['half of a surrogate pair', String.raw`write the character itself, or as "\U…"`];
  }
  return undefined;
}

/** Returns a scalar as the file spells it; undefined for a quoted one and for a block. */
const plainSource = (scalar: Scalar.Parsed): string | undefined =>
  scalar.type === 'PLAIN' && scalar.source !== '' ? scalar.source : undefined;

/** Returns a field's name, or undefined after reporting why it cannot be one. */
function fieldName(mistakes: Mistake[], key: ParsedNode | null, span: Span): string | undefined {
  const report = (message: string, hint: string) => {
    mistakes.push({ span, message, hint });
    return undefined;
  };
  const refused = key === null ? undefined : refusal(key, 0);
  if (refused !== undefined) return report(...refused);
  if (!isScalar(key)) return report('expected a field name', 'write "name: value"');
  if (typeof key.value !== 'string') {
    const source = plainSource(key);
    if (source === undefined) return report('expected a field name', 'write "name: value"');
    return report(
      `expected text as a field name, found ${shortened(source)}`,
      `put it in quotes: ${quoted(source)}`,
    );
  }
  if (refusedNames.has(key.value)) return report(`the name "${key.value}" is refused`, 'remove it');
  return key.value;
}

/** Builds a field's value; a missing or empty one is marked at the field's name. */
function valueTree(mistakes: Mistake[], value: ParsedNode | null, key: Span, depth: number): Tree {
  if (value === null) return { span: key, value: null };
  const tree = buildTree(mistakes, value, depth);
  return tree.span.start === tree.span.end ? { ...tree, span: key } : tree;
}

function mappingTree(mistakes: Mistake[], span: Span, pairs: readonly Pair[], depth: number): Tree {
  const fields = new Map<string, Field>();
  const value: Record<string, unknown> = {};
  for (const pair of pairs as readonly Pair<ParsedNode | null, ParsedNode | null>[]) {
    const key = pair.key === null ? { start: span.start, end: span.start } : spanOf(pair.key);
    const tree = valueTree(mistakes, pair.value, key, depth + 1);
    const name = fieldName(mistakes, pair.key, key);
    if (name === undefined) continue;
    const first = fields.get(name);
    if (first !== undefined) {
      const message = `duplicate field ${quoted(name)}`;
      mistakes.push({ span: key, message, earlier: first.key.start });
      continue;
    }
    fields.set(name, { key, tree });
    value[name] = tree.value;
  }
  return { span, value, fields };
}

/** Turns a parsed node into a tree; parts that are not plain data are added to `mistakes` and left out. */
export function buildTree(mistakes: Mistake[], node: ParsedNode, depth = 0): Tree {
  const span = spanOf(node);
  const refused = refusal(node, depth);
  if (refused !== undefined) return broken(mistakes, span, ...refused);
  if (isMap(node)) return mappingTree(mistakes, span, node.items as readonly Pair[], depth);
  if (isSeq(node)) {
    const items = node.items.map((item) => buildTree(mistakes, item as ParsedNode, depth + 1));
    return { span, value: items.map((item) => item.value), items };
  }
  const scalar = node as Scalar.Parsed;
  const plain = plainSource(scalar);
  return { span, value: scalar.value, ...(plain === undefined ? {} : { plain }) };
}

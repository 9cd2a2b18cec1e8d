import type { Change, ChangeKind } from './changes.ts';
import { documentsOf, evidenceDocuments } from './documents.ts';
import {
  changedAt,
  fieldOf,
  type Node,
  nodeOf,
  type Place,
  placesIn,
  printed,
  shapeOf,
  withTexts,
} from './json-nodes.ts';
import { parsedJson } from './output.ts';
import { pick, type Random } from './random.ts';

const hex = '0123456789abcdef';

/** Returns another text of the same form: another digit in a digest, one more letter elsewhere. */
function otherText(text: string, random: Random): string {
  const at = random(Math.max(1, text.length));
  const digits = /[0-9a-f]{40,}$/.exec(text);
  if (digits) {
    const place = digits.index + random(digits[0].length);
    const next = hex[(hex.indexOf(text[place]!) + 1 + random(15)) % 16];
    return text.slice(0, place) + next + text.slice(place + 1);
  }
  if (/\d/.test(text) && random(2) === 0) {
    return text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  }
  return `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at)}`;
}

/** Returns a value of the same kind that is another one: that of a like place, where there is one. */
function otherValue({ value, path }: Place, places: readonly Place[], random: Random): unknown {
  const shape = shapeOf(path);
  const text = JSON.stringify(value);
  const others = places.filter(
    (each) => shapeOf(each.path) === shape && JSON.stringify(each.value) !== text,
  );
  if (others.length > 0 && random(2) === 0) return pick(others, random).value;
  if (typeof value === 'number') return value + 1 + random(9);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return otherText(value, random);
  return Array.isArray(value) ? [...value, 'one more'] : 'something else';
}

/** A key or an item that is in nothing of its kind yet. */
const added = (node: Node): Node => {
  if ('items' in node) return { items: [...node.items, node.items.at(-1) ?? nodeOf('added')] };
  if (!('entries' in node)) return nodeOf([]);
  return { entries: [...node.entries, ['added', nodeOf('by somebody')] as const].sort(byKey) };
};

const byKey = ([a]: readonly [string, Node], [b]: readonly [string, Node]) => (a < b ? -1 : 1);

const without = (node: Node, step: string | number): Node => {
  if ('items' in node) return { items: node.items.filter((_, at) => at !== step) };
  if (!('entries' in node)) return node;
  return { entries: node.entries.filter(([key]) => key !== step) };
};

const reordered = (node: Node): Node => {
  if ('items' in node) return { items: node.items.toReversed() };
  return 'entries' in node ? { entries: node.entries.toReversed() } : node;
};

/** Says a key twice, first with another value, or an item. */
function doubled(node: Node, step: string | number, other: Node): Node {
  if ('items' in node) {
    return { items: node.items.flatMap((each, at) => (at === step ? [each, each] : [each])) };
  }
  if (!('entries' in node)) return node;
  return {
    entries: node.entries.flatMap((each) =>
      each[0] === step ? [[step, other] as const, each] : [each],
    ),
  };
}

type How = (root: Node, place: Place, other: Node) => Node;

const hows: Readonly<Record<string, How>> = {
  'value changed': (root, { path }, other) => changedAt(root, path, () => other),
  'value removed': (root, { path }) =>
    changedAt(root, path.slice(0, -1), (node) => without(node, path.at(-1)!)),
  'value added': (root, { path }) => changedAt(root, path, added),
  'order changed': (root, { path }) => changedAt(root, path, reordered),
  'value doubled': (root, { path }, other) =>
    changedAt(root, path.slice(0, -1), (node) => doubled(node, path.at(-1)!, other)),
};

/** Most changes are of values: reports find the others by the form of a file. */
const names = ['value changed', 'value changed', 'value changed', ...Object.keys(hows)];

/** Chooses a shape of path first: of a thousand files in a list, one is like the other. */
function choose(places: readonly Place[], how: string, random: Random): Place | undefined {
  const nested = how === 'value added' || how === 'order changed';
  const fitting = places.filter(({ value }) => !nested || typeof value === 'object');
  const shapes = [...new Set(fitting.map(({ path }) => shapeOf(path)))];
  if (shapes.length === 0) return undefined;
  const shape = pick(shapes, random);
  return pick(
    fitting.filter(({ path }) => shapeOf(path) === shape),
    random,
  );
}

/** Changes a field of a JSON document: its value, its presence, its order, or that it stands there once. */
export const changeJson: ChangeKind = async (output, random) => {
  const document = pick(documentsOf(output), random);
  const value = parsedJson(document.text);
  const places = placesIn(value);
  const how = pick(names, random);
  const place = choose(places, how, random);
  if (place === undefined) return undefined;
  const other = nodeOf(otherValue(place, places, random));
  const text = `${printed(hows[how]!(nodeOf(value), place, other))}\n`;
  const { file, where } = document;
  return {
    output: document.write(output, text),
    files: [file],
    where,
    field: fieldOf(place.path),
    how,
  };
};

/** Shorter words stand in too many places that mean other things. */
const shortest = 6;

/**
 * Says something else everywhere alike: a word of one document is replaced by another one in all the
 * evidence, as a forger does who knows that files are compared with each other.
 */
export const changeEverywhere: ChangeKind = async (output, random): Promise<Change | undefined> => {
  const all = evidenceDocuments(output);
  const document = pick(all, random);
  const words = placesIn(parsedJson(document.text)).filter(
    ({ value }) => typeof value === 'string' && value.length >= shortest,
  );
  const place = choose(words, 'value changed', random);
  if (place === undefined) return undefined;
  const word = String(place.value);
  const other = otherText(word, random);
  const changed = all.flatMap((each) => {
    const node = withTexts(nodeOf(parsedJson(each.text)), (text) => text.replaceAll(word, other));
    const text = `${printed(node)}\n`;
    return text === each.text ? [] : [{ ...each, text }];
  });
  const written = changed.reduce((done, each) => each.write(done, each.text), output);
  return {
    output: written,
    files: changed.map(({ file }) => file),
    where: 'said everywhere alike',
    field: `${document.file} ${fieldOf(place.path)}`,
    how: 'value changed',
  };
};

import { changedAt, nodeOf, placesIn, printed } from '../support/reseal/json-nodes.ts';
import { pick, type Random } from '../support/reseal/random.ts';
import type { Reader } from './reader.ts';

/** Changes an input; the others of the corpus give parts of theirs. */
type Mutation = (input: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

/** Longer inputs than this are cut: nothing new is found in them, only more slowly. */
const longest = 256 * 1024;

/** Returns the input in which `length` bytes from `at` on are replaced. */
const spliced = (input: Buffer, at: number, length: number, put: Uint8Array): Buffer =>
  Buffer.concat([input.subarray(0, at), put, input.subarray(at + length)]);

const placeIn = (input: Buffer, random: Random): number => random(input.length + 1);

/** Short lengths are tried most often. */
const lengthUpTo = (most: number, random: Random): number =>
  1 + random(Math.max(1, Math.min(most, 2 ** (1 + random(12)))));

const edges = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x20, 0x30, 0x2f, 0x2e, 0x3d];

const setByte: Mutation = (input, random) => {
  const at = random(Math.max(1, input.length));
  const byte = random(2) === 0 ? pick(edges, random) : random(256);
  return spliced(input, at, 1, Uint8Array.of(byte));
};

const flipBit: Mutation = (input, random) => {
  const at = random(Math.max(1, input.length));
  return spliced(input, at, 1, Uint8Array.of((input[at] ?? 0) ^ (1 << random(8))));
};

const cutOut: Mutation = (input, random) => {
  const at = placeIn(input, random);
  return spliced(input, at, lengthUpTo(input.length, random), Buffer.of());
};

const cutOff: Mutation = (input, random) => input.subarray(0, placeIn(input, random));

const repeat: Mutation = (input, random) => {
  const at = placeIn(input, random);
  const piece = input.subarray(at, at + lengthUpTo(input.length, random));
  const times = random(8) === 0 ? 1 + random(200) : 1;
  const all = Array.from({ length: times }, () => piece);
  return spliced(input, at, 0, Buffer.concat(all).subarray(0, longest));
};

const borrow: Mutation = (input, random, others) => {
  const other = pick(others, random);
  const from = placeIn(other, random);
  const piece = other.subarray(from, from + lengthUpTo(other.length, random));
  return spliced(input, placeIn(input, random), random(2) * piece.length, piece);
};

/** Exchanges or repeats blocks of 512 bytes, which archives are made of. */
const moveBlock: Mutation = (input, random) => {
  const blocks = Math.ceil(input.length / 512);
  const from = random(blocks + 1) * 512;
  const to = random(blocks + 1) * 512;
  return spliced(input, to, random(2) * 512, input.subarray(from, from + 512 * (1 + random(3))));
};

const numbers = ['0', '1', '-1', '8', '127', '256', '65535', '2147483648', '4294967295', '1e9'];
const large = ['9007199254740993', '18446744073709551616', '00000000017', '77777777777', ''];

const setNumber: Mutation = (input, random) => {
  const text = input.toString('latin1');
  const found = [...text.matchAll(/\d+/g)];
  if (found.length === 0) return input;
  const { index, 0: digits } = pick(found, random);
  const number = pick([...numbers, ...large], random);
  const fixed = random(2) === 0 ? number.padStart(digits.length, '0') : number;
  return spliced(input, index, digits.length, Buffer.from(fixed));
};

const changeLine: Mutation = (input, random) => {
  const lines = input.toString('latin1').split('\n');
  const [from, to] = [random(lines.length), random(lines.length)];
  const line = lines[from] ?? '';
  const changed = pick(
    [
      () => lines.toSpliced(from, 1),
      () => lines.toSpliced(to, 0, line),
      () => lines.toSpliced(to, 1, line),
      () => lines.toSpliced(from, 1, `${line}${pick([' ', '\r', '\t', '\0', ','], random)}`),
      () => lines.toSpliced(from, 1, ` ${line}`),
      () => lines.toSpliced(from, 1, '', line),
    ],
    random,
  );
  return Buffer.from(changed().join('\n'), 'latin1');
};

const putWord =
  (words: readonly string[]): Mutation =>
  (input, random) =>
    spliced(
      input,
      placeIn(input, random),
      random(2) * random(8),
      Buffer.from(pick(words, random), 'latin1'),
    );

const values = [null, true, 0, -1, 1.5, 2 ** 53, 1e300, '', 'a', '../x', '\0', '__proto__', [], {}];
const deep = JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`) as unknown;

/** Puts another value in the place of one of a JSON text, or takes it out. */
const changeValue: Mutation = (input, random) => {
  let value: unknown;
  try {
    value = JSON.parse(input.toString());
  } catch {
    return input;
  }
  const places = placesIn(value);
  if (places.length === 0) return input;
  const { path } = pick(places, random);
  const foreign = random(3) === 0 ? pick(places, random).value : pick(values, random);
  const other = random(200) === 0 ? deep : foreign;
  return Buffer.from(`${printed(changedAt(nodeOf(value), path, () => nodeOf(other)))}\n`);
};

const always = [setByte, flipBit, cutOut, cutOff, repeat, borrow];
const byForm: Readonly<Record<Reader['form'], readonly Mutation[]>> = {
  bytes: [...always, ...always, moveBlock, setNumber, changeLine],
  text: [...always, changeLine, changeLine, changeLine, setNumber, setNumber],
  json: [...always, ...Array.from({ length: 12 }, () => changeValue), setNumber],
};

/** Returns a function that makes a new input of one of the corpus, by one change or a few. */
export function mutator({ form, words = [], repair = (input) => input }: Reader) {
  const own = words.length > 0 ? [putWord(words), putWord(words)] : [];
  const all = [...byForm[form], ...own];
  return async (parent: Buffer, others: readonly Buffer[], random: Random): Promise<Buffer> => {
    let input = parent;
    for (let left = 1 + random(4); left > 0; left -= 1) {
      input = pick(all, random)(input, random, others).subarray(0, longest);
    }
    return random(8) === 0 ? input : repair(input);
  };
}

/** The form of an entry's data: how many bytes a value takes, and at which multiple it starts. */
interface EntryType {
  readonly size: number;
  readonly align: number;
}

/** Numbers of types whose values are text that a zero byte ends. */
export const textTypes = { one: 6, list: 8, translated: 9 } as const;

/** Number of the type of bytes without further form. */
export const binaryType = 7;

/** Types of values of a fixed size by number (rpm's manual, "Header structure"). */
export const fixedTypes: Readonly<Record<number, EntryType>> = {
  1: { size: 1, align: 1 },
  2: { size: 1, align: 1 },
  3: { size: 2, align: 2 },
  4: { size: 4, align: 4 },
  5: { size: 8, align: 8 },
  7: { size: 1, align: 1 },
};

/** The most values of one tag: four times what the largest packages have of files. */
export const maxValues = 2 ** 20;

const isText = (type: number): boolean =>
  type === textTypes.one || type === textTypes.list || type === textTypes.translated;

/** Returns the offset after `count` texts that start at `offset`; undefined when the data ends before. */
function textsEnd(data: Buffer, offset: number, count: number): number | undefined {
  let at = offset;
  for (let left = count; left > 0; left -= 1) {
    const end = data.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  return at;
}

/** An entry of a header's index: a tag's number and where its values lie in the data. */
export interface IndexEntry {
  readonly tag: number;
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** Says that a tag has more values than are read; undefined where it has not. */
const excess = (count: number) =>
  count > maxValues ? { problem: `has ${count} values; at most ${maxValues} are read` } : undefined;

/** The end of an entry's values in the data, or the problem with it. */
export function entryEnd(
  data: Buffer,
  { type, offset, count }: IndexEntry,
): { readonly end: number } | { readonly problem: string } {
  if (count === 0) return { problem: 'has no value' };
  if (offset < 0 || offset >= data.length) return { problem: 'starts outside of the data' };
  if (isText(type)) {
    if (type === textTypes.one && count !== 1) return { problem: 'has several values for one' };
    if (count > data.length - offset) return { problem: 'has more texts than there are bytes' };
    const many = excess(count);
    if (many !== undefined) return many;
    const end = textsEnd(data, offset, count);
    return end === undefined ? { problem: 'has a text without an end' } : { end };
  }
  const fixed = fixedTypes[type];
  if (fixed === undefined) return { problem: `has the unknown type ${type}` };
  if (offset % fixed.align !== 0) return { problem: 'is not aligned' };
  if (count > (data.length - offset) / fixed.size) return { problem: 'ends outside of the data' };
  return (type === binaryType ? undefined : excess(count)) ?? { end: offset + count * fixed.size };
}

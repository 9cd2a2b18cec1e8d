import { abi, singleTags } from './abi.ts';
import {
  broken,
  type ElfHeader,
  exactly,
  type FileRange,
  numbersIn,
  type ReadAt,
} from './header.ts';
import { placeOf, type Segment } from './segments.ts';

/** An entry of the dynamic section: a tag (DT_NEEDED 1 …) and its value. */
export type DynamicTag = readonly [tag: bigint, value: number];

/**
 * Reads the dynamic section up to its end, DT_NULL; empty where there is none. Errors: BUILD_OUTPUT, also
 * for a tag that stands there twice.
 */
export async function dynamicTags(
  readAt: ReadAt,
  header: ElfHeader,
  segments: readonly Segment[],
): Promise<DynamicTag[]> {
  const dynamic = segments.find((segment) => segment.type === abi.ptDynamic);
  if (dynamic === undefined || dynamic.size === 0) return [];
  const table = await exactly(readAt, dynamic.offset, dynamic.size, 'the dynamic section');
  const { signedWord, word } = numbersIn(table, header);
  const wordSize = header.bits / 8;
  const tags: DynamicTag[] = [];
  for (let at = 0; ; at += 2 * wordSize) {
    // Loaders read on until they find the end, wherever the header says that it is.
    if (at + 2 * wordSize > table.length) throw broken('its dynamic section has no end (DT_NULL)');
    const tag = signedWord(at);
    if (tag === abi.dtNull) break;
    tags.push([tag, word(at + wordSize)]);
  }
  for (const [tag, name] of singleTags) {
    if (tags.filter(([each]) => each === tag).length > 1) {
      throw broken(`its dynamic section has ${name} more than once`);
    }
  }
  return tags;
}

/** Finds the dynamic string table in the file. Throws BUILD_OUTPUT when it is in no segment. */
export function dynamicStrings(
  segments: readonly Segment[],
  tags: readonly DynamicTag[],
): FileRange {
  const valueAt = (wanted: bigint) => tags.find(([tag]) => tag === wanted)?.[1] ?? 0;
  const size = valueAt(abi.dtStrsz);
  const offset = placeOf(segments, valueAt(abi.dtStrtab), size);
  if (offset === undefined) throw broken('its dynamic string table is in no segment');
  return { offset, size };
}

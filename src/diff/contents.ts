import type { ByteString } from '../base/byte-string.ts';
import type { PathDifference } from '../evidence/mtree/compare-paths.ts';
import { readContent } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';

type Files = ReadonlyMap<ByteString, Extract<Entry, { type: 'file' }>>;

const filesOf = (entries: readonly Entry[]): Files =>
  new Map(
    entries.flatMap((entry) => (entry.type === 'file' ? [[entry.path, entry] as const] : [])),
  );

/** Limits in bytes: of one file that is read, and of all files that are held. */
const mostOfOne = 1024 ** 2;
const mostOfAll = 32 * 1024 ** 2;

/** Reads both contents of the files whose contents differ, if they are small. */
export async function changedContents(
  differences: readonly PathDifference[],
  one: readonly Entry[] = [],
  other: readonly Entry[] = [],
): Promise<ReadonlyMap<ByteString, readonly [Buffer, Buffer]>> {
  const [before, after] = [filesOf(one), filesOf(other)];
  const contents = new Map<ByteString, readonly [Buffer, Buffer]>();
  let held = 0;
  for (const { path, keywords } of differences) {
    const [a, b] = [before.get(path), after.get(path)];
    if (!a || !b || !keywords.some(({ keyword }) => keyword === 'sha256')) continue;
    if (a.size > mostOfOne || b.size > mostOfOne || held + a.size + b.size > mostOfAll) continue;
    held += a.size + b.size;
    contents.set(path, [await readContent(a.content), await readContent(b.content)]);
  }
  return contents;
}

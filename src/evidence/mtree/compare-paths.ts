import type { ByteString } from '../../base/byte-string.ts';
import { type Keyword, keywordsOf } from './mtree.ts';
import type { PathRecord } from './path-record.ts';

/** A keyword of mtree(5) whose values differ; undefined on the side that lacks it. */
export interface KeywordDifference {
  readonly keyword: string;
  readonly one: string | undefined;
  readonly other: string | undefined;
}

/** A path that is on one side only (then without keywords), or that differs. */
export interface PathDifference {
  readonly path: ByteString;
  readonly one: PathRecord | undefined;
  readonly other: PathRecord | undefined;
  readonly keywords: readonly KeywordDifference[];
}

const isSame = ([keyword, value]: Keyword, other: Keyword | undefined): boolean =>
  other?.[0] === keyword && other[1] === value;

function compareKeywords(one: PathRecord, other: PathRecord): KeywordDifference[] {
  const [here, there] = [keywordsOf(one), keywordsOf(other)];
  if (here.length === there.length && here.every((each, at) => isSame(each, there[at]))) return [];
  const [before, after] = [new Map(here), new Map(there)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((keyword) => ({ keyword, one: before.get(keyword), other: after.get(keyword) }))
    .filter((each) => each.one !== each.other);
}

const byPath = (records: readonly PathRecord[]) =>
  new Map(records.map((record) => [record.path, record]));

/** Compares two rootfs: paths of the first in their order, then those that only the other has. */
export function comparePaths(
  one: readonly PathRecord[],
  other: readonly PathRecord[],
): PathDifference[] {
  const [before, after] = [byPath(one), byPath(other)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths
    .map((path): PathDifference => {
      const [here, there] = [before.get(path), after.get(path)];
      const keywords = here && there ? compareKeywords(here, there) : [];
      return { path, one: here, other: there, keywords };
    })
    .filter(({ one: here, other: there, keywords }) => !here || !there || keywords.length > 0);
}

import { readRegular } from '../base/regular-file.ts';
import { mostBytesOf } from '../evidence/file-limits.ts';
import { comparePaths } from '../evidence/mtree/compare-paths.ts';
import { toVis } from '../evidence/mtree/mtree.ts';
import { parseMtree } from '../evidence/mtree/parse.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import { type Check, counted, type Mismatch } from './report.ts';

const file = 'rootfs.mtree';

/** Reads a rootfs.mtree; lines that are not in the one form are mismatches. */
export async function readMtree(
  path: string,
): Promise<{ readonly paths: readonly PathRecord[]; readonly check: Check }> {
  const bytes = await readRegular(path, { most: mostBytesOf(file) });
  const { records, bad } = parseMtree(bytes?.toString('latin1') ?? '');
  const mismatches = bad.map(({ line, problem }) => ({
    file,
    field: `line ${line}`,
    claimed: `the line ${problem}`,
    computed: 'a line that mkbase writes',
  }));
  return { paths: records, check: { what: `the form of ${file}`, mismatches } };
}

const nameOf = ({ path }: PathRecord): string => `./${toVis(path)}`;

/** Reports the first path that stands elsewhere in its list; later ones would only follow from it. */
function checkOrder(
  claimed: readonly PathRecord[],
  computed: readonly PathRecord[],
  from: string,
): Mismatch[] {
  const at = claimed.findIndex(({ path }, index) => path !== computed[index]?.path);
  const [one, other] = [claimed[at], computed[at]];
  if (one === undefined || other === undefined) return [];
  const field = `order, path ${at + 1}`;
  return [{ file, field, claimed: nameOf(one), computed: nameOf(other), from }];
}

/** Checks every path and field of rootfs.mtree against the rootfs of an image, which `from` names. */
export function checkRootfs(
  claimed: readonly PathRecord[],
  computed: readonly PathRecord[],
  from: string,
): Check {
  const presence = (record: PathRecord | undefined) => (record ? `a ${record.type}` : 'nothing');
  const mismatches = comparePaths(claimed, computed).flatMap(({ path, one, other, keywords }) => {
    const name = `./${toVis(path)}`;
    if (keywords.length === 0) {
      return [{ file, field: name, claimed: presence(one), computed: presence(other), from }];
    }
    return keywords.map((each) => ({
      file,
      field: `${name} ${each.keyword}`,
      claimed: each.one ?? 'nothing',
      computed: each.other ?? 'nothing',
      from,
    }));
  });
  const order = mismatches.length === 0 ? checkOrder(claimed, computed, from) : [];
  return {
    what: `${file} against the rootfs in ${from}`,
    extent: counted(computed.length, 'path'),
    mismatches: [...mismatches, ...order],
  };
}

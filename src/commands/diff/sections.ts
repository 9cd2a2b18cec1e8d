import { causes, unexplained } from '../../diff/causes.ts';
import type { DiffReport, ExplainedPath } from '../../diff/diff.ts';
import { toVis } from '../../evidence/mtree/mtree.ts';

/** Paths that have one cause. */
export interface Drift {
  readonly cause: string;
  readonly reason: string;
  readonly paths: readonly ExplainedPath[];
}

/** Groups the paths of a report by cause: unexplained ones first, then in the order of the causes. */
export function driftOf({ paths }: DiffReport): Drift[] {
  return [unexplained, ...causes]
    .map(({ name, reason }) => ({
      cause: name,
      reason,
      paths: paths.filter(({ cause }) => cause === name),
    }))
    .filter((drift) => drift.paths.length > 0);
}

/** Returns `+` for a path on the second side only, `-` on the first only, `~` on both and different. */
export const markOf = ({ one, other }: ExplainedPath): string => {
  if (one === undefined) return '+';
  return other === undefined ? '-' : '~';
};

export const nameOf = ({ path }: ExplainedPath): string => `./${toVis(path)}`;

const short = (value: string | undefined): string => {
  if (value === undefined) return 'none';
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value.replace(/\.000000000$/, '');
};

/** Returns `mode 0644 → 0755, size 12 → 13`; '' for a path that is on one side only. */
export const fieldsOf = ({ keywords }: ExplainedPath): string =>
  keywords
    .map(({ keyword, one, other }) => `${keyword} ${short(one)} → ${short(other)}`)
    .join(', ');

/** A path, and the number of paths beneath it that are folded into it. */
export interface Folded {
  readonly path: ExplainedPath;
  readonly beneath: number;
}

/** Folds paths into the folder above them if it is on one side only; keeps the order. */
export function folded(paths: readonly ExplainedPath[]): Folded[] {
  const counts = new Map<string, number>();
  const lone = new Map<string, string>();
  const shown = paths.filter((each) => {
    const mark = markOf(each);
    if (mark === '~') return true;
    const top = topOf(each.path, (folder) => lone.get(folder) === mark);
    lone.set(each.path, mark);
    if (top === undefined) return true;
    counts.set(top, (counts.get(top) ?? 0) + 1);
    return false;
  });
  return shown.map((path) => ({ path, beneath: counts.get(path.path) ?? 0 }));
}

/**
 * Returns the outermost of the consecutive folders above a path that `holds` accepts; undefined when it
 * refuses the folder right above.
 */
function topOf(path: string, holds: (folder: string) => boolean): string | undefined {
  let top: string | undefined;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = path.slice(0, slash);
    if (!holds(folder)) break;
    top = folder;
  }
  return top;
}

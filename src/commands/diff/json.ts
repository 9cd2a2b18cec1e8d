import type { Difference } from '../../base/json-differences.ts';
import { type DiffReport, isSame } from '../../diff/diff.ts';
import { markOf, nameOf } from './sections.ts';

const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '~': 'changed' };

const pairs = (found: readonly Difference[]) =>
  found.map(({ field, claimed, computed }) => ({ field, old: claimed, new: computed }));

/** Writes a comparison as one JSON object on one line. */
export function diffJson(report: DiffReport): string {
  const { one, other, digests, recipe, packages, paths, config, compared, missing } = report;
  return `${JSON.stringify({
    old: one,
    new: other,
    identical: isSame(report),
    digests: pairs(digests),
    recipe: pairs(recipe),
    packages: packages.map(({ set, name, before = null, after = null }) => ({
      in: set,
      name,
      old: before,
      new: after,
    })),
    paths: paths.map((path) => ({
      path: nameOf(path),
      change: kinds[markOf(path)],
      cause: path.cause,
      detail: path.detail,
      fields: path.keywords.map(({ keyword, one: before = null, other: after = null }) => ({
        field: keyword,
        old: before,
        new: after,
      })),
    })),
    config: config.map(({ cause, field, claimed, computed }) => ({
      field,
      cause,
      old: claimed,
      new: computed,
    })),
    compared,
    notCompared: missing,
  })}\n`;
}

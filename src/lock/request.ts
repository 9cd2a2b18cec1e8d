import { digestOf } from '../base/canonical-json.ts';
import type { PlatformName } from '../base/platform.ts';
import { kindOf } from '../kinds/kinds.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import { showUrl, withoutUrlSecrets } from '../store/show-url.ts';

/** A recipe and its builder, whose inputs are to be pinned. */
export interface Wanted {
  readonly recipe: Recipe;
  readonly toolchain: Toolchain | undefined;
  readonly platform: PlatformName;
}

/** Returns the files of `files:` that are fetched. */
export const downloadsOf = (recipe: Recipe) =>
  recipe.files.flatMap((file) => ('url' in file ? [{ url: file.url, sha256: file.sha256 }] : []));

const isHolder = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : isHolder(value)
      ? Object.values(value).flatMap(textsIn)
      : [];

/** Returns, as they are shown, the URLs of a recipe whose query or fragment is in no lock. */
export const urlsWithQuery = ({ from, files }: Pick<Recipe, 'from' | 'files'>): string[] =>
  textsIn([sourceOf(from), files])
    .filter((each) => /^(?:https?|file):\/\/[^\s?#]*[?#]\S*$/.test(each))
    .map(showUrl);

/** Returns the fields of a recipe's kind that choose inputs. */
function choosing({ from }: Recipe): unknown {
  const { choosing } = kindOf(from);
  return choosing === undefined ? from : choosing(sourceOf(from));
}

/**
 * Returns the fields of recipe and toolchain that choose inputs, without the secret parts of URLs: an edit of any
 * other needs no new lock.
 */
export const askedBy = ({ recipe, toolchain, platform }: Wanted): object =>
  withoutUrlSecrets({
    platform,
    epoch: recipe.epoch,
    from: choosing(recipe),
    packages: recipe.packages,
    files: downloadsOf(recipe),
    toolchain: toolchain && {
      name: toolchain.name,
      ...(toolchain.platform && { platform: toolchain.platform }),
      from: toolchain.from,
      epoch: toolchain.epoch,
    },
  });

/**
 * Returns the sha256 of the fields that choose inputs: two requests that are equal may share a lock.
 */
export const requestDigest = (wanted: Wanted): string => digestOf(askedBy(wanted));

/**
 * Returns the paths of the fields in which two values of plain data differ, for instance
 * `from.debs.suite`, in the order of the second; an empty path stands for the whole.
 */
export function changedFields(before: unknown, now: unknown, path = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (!isHolder(before) || !isHolder(now) || Array.isArray(before) || Array.isArray(now)) {
    return [path];
  }
  const names = new Set([...Object.keys(now), ...Object.keys(before)]);
  return [...names].flatMap((name) =>
    changedFields(before[name], now[name], path === '' ? name : `${path}.${name}`),
  );
}

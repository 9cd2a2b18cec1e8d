import { type JsonRecord, list, record, text } from '../base/json.ts';
import { platforms } from '../base/platform.ts';
import type { Wanted } from '../kinds/contract.ts';
import { allKinds } from '../kinds/kinds.ts';
import type { Asked } from '../lock/prove.ts';
import type { Lock } from '../lock/schema.ts';
import type { From } from '../recipe/kind.ts';
import { recipeIn } from './provenance.ts';

/** Returns checked `from:` of a recipe that evidence claims; undefined where it is none of that kind. */
function fromIn(value: unknown, kind: string): From | undefined {
  const claimed = record(value);
  const known = allKinds.find(({ name }) => name === kind && claimed.kind === name);
  const parsed = known?.schema.safeParse(claimed[kind]);
  return parsed?.success ? { kind, [kind]: parsed.data } : undefined;
}

/** Returns what a recipe in evidence asks for; `folder` holds the keys that it brings. */
function wantedIn(
  { name, from: value, packages }: JsonRecord,
  locked: From,
  platform: Lock['platform'],
  folder: string,
): Wanted | undefined {
  const from = fromIn(value, locked.kind);
  if (from === undefined) return undefined;
  const names = list(packages).map(text);
  return {
    name: text(name),
    source: from[from.kind],
    packages: names,
    folder,
    platform: platforms[platform],
  };
}

/** The folders that hold the keys which recipe and toolchain bring, at the paths that they name. */
export interface KeyFolders {
  readonly image: string;
  readonly builder: string;
}

/**
 * Returns what a build asked for, by its evidence: the recipe in the provenance, and the toolchain that the
 * lock was made for. Undefined where the evidence does not say it.
 */
export function askedIn(
  lock: Lock,
  provenance: JsonRecord | undefined,
  folders: KeyFolders,
): Asked | undefined {
  if (provenance === undefined) return undefined;
  const recipe = recipeIn(provenance);
  const image = wantedIn(recipe, lock.from, lock.platform, folders.image);
  const { toolchain } = record(lock.asked);
  const builder =
    lock.toolchain &&
    wantedIn(
      record(toolchain),
      lock.toolchain.from,
      lock.toolchain.platform ?? lock.platform,
      folders.builder,
    );
  if (image === undefined || (lock.toolchain && builder === undefined)) return undefined;
  const files = list(recipe.files).map((each) => ({ sha256: text(record(each).sha256) }));
  return { image, builder, files };
}

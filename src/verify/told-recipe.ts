import { isRecord, type JsonRecord, list, record, text } from '../base/json.ts';
import type { FileBeside } from '../kinds/contract.ts';
import { allKinds, kindOf } from '../kinds/kinds.ts';
import { singleOverlays } from '../recipe/folder-overlays.ts';
import { sourceOf } from '../recipe/kind.ts';
import type { Origin, Recipe } from '../recipe/recipe.ts';
import { readRecordedSettings } from '../recipe/schema/recorded-settings.ts';
import { recipeSchema } from '../recipe/schema/schema.ts';

/** The recipe that a provenance records, and what it says of the files that were read. */
export interface ToldRecipe {
  /** Its folders do not exist: nothing of it can be read from this machine. */
  readonly recipe: Recipe;
  readonly filesBeside: readonly FileBeside[];
  /** The release that was chosen with its name. */
  readonly release: string | undefined;
  /** True if the image keeps the layer of its base. */
  readonly keepsBase: boolean;
  /** True if it says that the recipe ships with mkbase. */
  readonly builtIn: boolean;
  /** The version of mkbase that wrote it. */
  readonly version: string;
}

/** A file of the recipe's or beside it, among the inputs in a provenance. */
interface ToldFile extends FileBeside {
  readonly role: string;
  readonly builtIn: boolean;
}

const definitionIn = ({ predicate }: JsonRecord) => record(record(predicate).buildDefinition);

/** Returns the version of mkbase that a provenance names. */
export function versionIn({ predicate }: JsonRecord): string {
  const { builder } = record(record(predicate).runDetails);
  return text(record(record(builder).version).mkbase);
}

const toldFiles = (statement: JsonRecord): ToldFile[] =>
  list(definitionIn(statement).resolvedDependencies)
    .filter(isRecord)
    .map(({ name, uri, digest, annotations }) => ({
      path: text(name),
      sha256: text(record(digest).sha256),
      role: text(record(annotations).role),
      builtIn: text(uri).startsWith('pkg:npm/mkbase@'),
    }));

const originOf = ({ path, sha256, builtIn }: ToldFile): Origin => ({
  file: path,
  folder: '/nonexistent',
  builtIn,
  sha256,
});

/**
 * Returns the recipe in a provenance, checked as a recipe is; undefined when there is no such recipe or none
 * of its files is named. A toolchain's file stands behind those of the recipe and of the recipes that it
 * extends.
 */
export function toldRecipe(statement: JsonRecord, hasBuilder: boolean): ToldRecipe | undefined {
  const { recipe, release, layers } = record(definitionIn(statement).externalParameters);
  const { kind: _, ...from } = record(record(recipe).from);
  const image = readRecordedSettings(record(recipe).image)?.settings;
  const parsed = recipeSchema(allKinds).safeParse({ ...record(recipe), from, image });
  const files = toldFiles(statement);
  const own = files.filter(({ role }) => role === 'recipe');
  const origins = (hasBuilder ? own.slice(0, -1) : own).map(originOf);
  const [origin, ...ancestors] = origins;
  if (!parsed.success || parsed.data.from === undefined || !image || !origin) return undefined;
  const { extends: __, from: checked, files: told, ...fields } = parsed.data;
  // A build records the files of a folder one by one.
  const placed = singleOverlays(told);
  if (placed.length < told.length) return undefined;
  const below = kindOf(checked).recipesBelow?.(sourceOf(checked)) ?? 0;
  return {
    recipe: {
      ...{ ...fields, from: checked, files: placed, origin, ancestors },
      fromOrigin: origins.at(-1 - below) ?? origin,
      ...(typeof release === 'string' && { release }),
    },
    filesBeside: files.filter(({ role }) => role === 'beside-recipe'),
    release: typeof release === 'string' ? release : undefined,
    keepsBase: layers !== undefined,
    builtIn: origin.builtIn,
    version: versionIn(statement),
  };
}

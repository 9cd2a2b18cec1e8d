import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, posix, sep } from 'node:path';
import { quoted } from '../base/characters.ts';
import { treeProblem } from '../base/folder-tree.ts';
import { withSlashes } from '../base/host.ts';
import { suggest } from '../base/suggest.ts';
import { treesAt } from './check.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import type { PathForm, RecipeKind } from './kind.ts';
import { ignorePatterns, recipeFolder, recipePath } from './schema/fields.ts';
import { isOfThisSystem, otherSpelling } from './spelling.ts';

/** Fields of every recipe that name files beside it; `*` stands for every entry of a list. */
const references: readonly (readonly [path: string, wanted: PathForm])[] = [
  ['files.*.source', 'file'],
  ['files.*.folder', 'tree'],
];

/** Returns the fields of each kind that name files, and those of every recipe. */
const referencesOf = (kinds: readonly RecipeKind[]) => [
  ...kinds.flatMap(({ name, paths }) =>
    Object.entries(paths).map(([path, wanted]) => [`from.${name}.${path}`, wanted] as const),
  ),
  ...references,
];

const sourceEndings = ['.c', '.cc', '.cpp', '.cxx', '.s', '.S'];

type Problem = Omit<Mistake, 'span'> | undefined;

async function absence(folder: string, path: string): Promise<Problem> {
  const siblings = await readdir(dirname(join(folder, path))).catch(() => []);
  const meant = suggest(basename(path), siblings);
  return {
    message: `there is no file ${quoted(path)} beside the recipe`,
    hint:
      meant === undefined
        ? 'paths start from the folder of the recipe'
        : `did you mean ${quoted(posix.join(posix.dirname(path), meant))}?`,
  };
}

/** Words the mistake of a path that is found on this machine, and on others is not. */
async function spellingProblem(folder: string, path: string): Promise<Problem> {
  if (isOfThisSystem(path)) {
    const hint = `write ${quoted(withSlashes(path))}`;
    return { message: `${quoted(path)} has a backslash; a recipe's paths have slashes`, hint };
  }
  const listed = await otherSpelling(folder, path);
  if (listed === undefined) return undefined;
  const message = `${quoted(path)} is called ${quoted(listed)}; most systems tell the cases apart`;
  return { message, hint: `write ${quoted(listed)}` };
}

async function locationProblem(folder: string, path: string, wanted: PathForm): Promise<Problem> {
  try {
    const [root, target] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    const isInside = target.startsWith(root === sep ? sep : root + sep);
    const misspelled = await spellingProblem(folder, path);
    if (misspelled !== undefined) return misspelled;
    if (!isInside && !(wanted === 'tree' && target === root)) {
      return {
        message: `${quoted(path)} is a symbolic link that leaves the recipe's folder`,
        hint: 'copy the file into the folder',
      };
    }
    if (wanted !== 'file' && wanted !== 'key' && target !== join(root, path, '.')) {
      return {
        message: `${quoted(path)} is a symbolic link`,
        hint: 'put the file itself there: a builder is sent plain files and folders',
      };
    }
    const stats = await stat(target);
    if (wanted === 'tree' && stats.isFile()) {
      return { message: `expected a folder, found a file: ${quoted(path)}` };
    }
    const takesFolder = wanted === 'any' || wanted === 'tree';
    if (stats.isFile() || (takesFolder && stats.isDirectory())) return undefined;
    const found = stats.isDirectory() ? 'a folder' : 'a device, pipe or socket';
    const message = `expected a file, found ${found}: ${quoted(path)}`;
    const takesWhole = wanted === 'file' && stats.isDirectory();
    return takesWhole ? { message, hint: 'a folder is taken whole with "folder"' } : { message };
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return absence(folder, path);
    return { message: `cannot read ${quoted(path)} (${code})` };
  }
}

async function problemOf(folder: string, path: string, wanted: PathForm): Promise<Problem> {
  if (wanted === 'source' && !sourceEndings.includes(extname(path))) {
    return {
      message: `expected a C, C++ or assembler file, found ${quoted(path)}`,
      hint: `its name has to end in ${sourceEndings.join(', ')}; headers belong under "include"`,
    };
  }
  return locationProblem(folder, path, wanted);
}

/** Returns the patterns beside a field; none where they have mistakes of their own. */
const ignoredIn = (tree: Tree | undefined): string[] =>
  ignorePatterns.safeParse(tree?.value).data ?? [];

/** Checks a folder that is taken whole, and everything in it. */
async function wholeProblem(
  folder: string,
  path: string,
  ignore: readonly string[],
): Promise<Problem> {
  const located = await locationProblem(folder, path.replace(/\/$/, ''), 'tree');
  const problem = located ? undefined : await treeProblem(join(folder, path), ignore);
  if (problem === undefined) return located;
  return { message: problem, hint: 'correct it, or name it under "ignore"' };
}

/** Returns the values at a path, each with the mapping that holds it. */
const valuesAt = (tree: Tree, path: string) => {
  const [, outer, name = ''] = /^(.*)\.([^.]+)$/.exec(path) ?? [];
  if (name === '*') return treesAt(tree, path).map((value) => ({ value, holder: tree }));
  return treesAt(tree, outer ?? '').flatMap((holder) => {
    const value = holder.fields?.get(name)?.tree;
    return value === undefined ? [] : [{ value, holder }];
  });
};

/**
 * Checks that the files which a recipe names stand beside it: regular files, inside its folder also
 * after following symbolic links.
 */
export async function checkFiles(
  tree: Tree,
  folder: string,
  kinds: readonly RecipeKind[],
): Promise<Mistake[]> {
  const checks = referencesOf(kinds).flatMap(([path, wanted]) =>
    valuesAt(tree, path).map(async ({ value: { span, value }, holder }): Promise<Mistake[]> => {
      const valid = (wanted === 'tree' ? recipeFolder : recipePath).safeParse(value);
      if (!valid.success) return [];
      const ignore = ignoredIn(holder.fields?.get('ignore')?.tree);
      const problem =
        wanted === 'tree'
          ? await wholeProblem(folder, valid.data, ignore)
          : await problemOf(folder, valid.data, wanted);
      return problem === undefined ? [] : [{ span, ...problem }];
    }),
  );
  return (await Promise.all(checks)).flat();
}

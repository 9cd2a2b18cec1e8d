import { basename, relative } from 'node:path';
import { packageRoot, packageVersion } from '../../base/package-root.ts';
import type { Origin, Recipe, Toolchain } from '../../recipe/recipe.ts';
import type { Dependency } from './dependency.ts';

/** A file on this machine that a build read, as its recipe names it. */
export interface LocalFile {
  /** For instance `src/hello.c`, relative to the recipe or toolchain that names it. */
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** What it stands beside. */
  readonly beside: Pick<Origin, 'file' | 'folder' | 'builtIn'>;
}

type Place = Pick<Origin, 'file' | 'builtIn'>;

/** mkbase's own file as a part of the package (purl-spec, "subpath"); of others no path is told. */
const uriOf = ({ file, builtIn }: Place): { readonly uri?: string } =>
  builtIn ? { uri: `pkg:npm/mkbase@${packageVersion}#${relative(packageRoot, file)}` } : {};

const trustIn = ({ builtIn }: Place): Dependency['annotations']['trust'] => ({
  by: builtIn ? 'mkbase' : 'recipe',
});

const recipeFile = (origin: Origin): Dependency => ({
  name: basename(origin.file),
  ...uriOf(origin),
  digest: { sha256: origin.sha256 },
  annotations: { role: 'recipe', trust: trustIn(origin) },
});

const localFile = ({ path, sha256, beside }: LocalFile): Dependency => ({
  name: path,
  ...uriOf({ ...beside, file: `${beside.folder}/${path}` }),
  digest: { sha256 },
  annotations: { role: 'beside-recipe', trust: trustIn(beside) },
});

/** The recipe's own file, those that it adds to, its toolchain's, and what stands beside them. */
export const recipeDependencies = (
  { origin, ancestors }: Recipe,
  toolchain: Toolchain | undefined,
  files: readonly LocalFile[],
): Dependency[] => [
  ...[origin, ...ancestors, ...(toolchain ? [toolchain.origin] : [])].map(recipeFile),
  ...[...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(localFile),
];

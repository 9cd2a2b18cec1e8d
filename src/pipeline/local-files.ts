import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../base/hash.ts';
import type { LocalFile } from '../evidence/provenance/recipe-dependencies.ts';
import { type PathBeside, pathsBeside } from './paths-read.ts';
import type { BuildPlan } from './plan.ts';

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return [''];
  if (!found?.isDirectory()) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}

async function expand({ origin, path }: PathBeside): Promise<LocalFile[]> {
  const names = await filesBelow(join(origin.folder, path));
  const paths = names.map((name) => join(path, name));
  return Promise.all(
    paths.map(async (each) => ({
      path: each,
      sha256: await sha256OfFile(join(origin.folder, each)),
      beside: origin,
    })),
  );
}

/** Every file beside recipe and toolchain that a build of the plan is made from, with its hash. Errors: IO. */
export async function localFiles(plan: BuildPlan): Promise<LocalFile[]> {
  const files = (await Promise.all(pathsBeside(plan).map(expand))).flat();
  return [...new Map(files.map((file) => [join(file.beside.folder, file.path), file])).values()];
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import type { RecipeKey } from '../../evidence/provenance/trust-chain.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { pathsOf, sourceOf } from '../../recipe/kind.ts';
import type { BuildPlan } from '../plan.ts';

async function readKey(folder: string, path: string): Promise<Omit<RecipeKey, 'of'>> {
  const bytes = await readFile(join(folder, path)).catch((error: unknown) => {
    throw ioError(error, 'reading the key', path);
  });
  return { path, bytes, sha256: sha256OfBytes(bytes) };
}

/** Reads the files with public keys that recipe and toolchain name beside them. Errors: IO. */
export async function recipeKeys({
  recipe,
  toolchain,
}: Pick<BuildPlan, 'recipe' | 'toolchain'>): Promise<RecipeKey[]> {
  const own = pathsOf(kindOf(recipe.from), sourceOf(recipe.from), 'key');
  const tools = toolchain ? pathsOf(kindOf(toolchain.from), sourceOf(toolchain.from), 'key') : [];
  const { folder } = recipe.fromOrigin;
  const keys = [
    ...own.map(async (path) => ({ of: 'image' as const, ...(await readKey(folder, path)) })),
    ...tools.map(async (path) => ({
      of: 'builder' as const,
      ...(await readKey(toolchain?.origin.folder ?? '', path)),
    })),
  ];
  return Promise.all(keys);
}

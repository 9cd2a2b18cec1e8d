import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import { busyboxRecipe } from './busybox-recipe.ts';
import { everySetting } from './engines.ts';
import { mkbase } from './mkbase.ts';

let warmed: Promise<string> | undefined;

async function warm(): Promise<string> {
  const cache = temporaryFolder({ within: process.env.MKBASE_TEST_CACHE, lasting: true });
  const folder = temporaryFolder();
  const engine = everySetting.find(({ missing }) => !missing)?.engine ?? 'auto';
  // One that no engine has yet needs its package.
  const recipe = busyboxRecipe(folder, { toolchainMark: folder });
  const run = await mkbase([recipe, '--engine', engine], {
    cwd: folder,
    env: { XDG_CACHE_HOME: cache },
  });
  if (run.code !== 0) throw new Error(run.stderr);
  return join(cache, 'mkbase');
}

/**
 * Gives a cache (a value of XDG_CACHE_HOME) its own copy of just what `busyboxRecipe` needs from the
 * network, fetched once for all tests of a file: a small disk has no room for more.
 */
export async function warmStore(cache: string): Promise<void> {
  warmed ??= warm();
  const from = await warmed;
  for (const part of ['blobs', 'state']) {
    cpSync(join(from, part), join(cache, 'mkbase', part), { recursive: true });
  }
}

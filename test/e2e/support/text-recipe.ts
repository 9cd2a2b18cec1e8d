import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a recipe of these lines into a folder of its own in `work`; returns that folder. */
export function textRecipe(work: string, lines: readonly string[]): string {
  const folder = join(work, 'recipe');
  mkdirSync(folder);
  writeFileSync(join(folder, 'recipe.yaml'), `${lines.join('\n')}\n`);
  return folder;
}

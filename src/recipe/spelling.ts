import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Host, host } from '../base/host.ts';

/**
 * Returns a path beside the recipe as its folders list it, where that differs in case alone: then it is found on
 * this file system, and not on one that tells the cases apart. Undefined for one that is spelled as it is listed.
 */
export async function otherSpelling(folder: string, path: string): Promise<string | undefined> {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const listed: string[] = [];
  for (const part of parts) {
    const names: string[] = await readdir(join(folder, ...listed)).catch(() => []);
    const isAlike = (name: string) => name.toLowerCase() === part.toLowerCase();
    listed.push(names.includes(part) ? part : (names.find(isAlike) ?? part));
  }
  return listed.join('/') === parts.join('/') ? undefined : listed.join('/');
}

/** Tells whether a path of a recipe is written as it would be on this system alone. */
export const isOfThisSystem = (path: string, { separator }: Host = host): boolean =>
  separator !== '/' && path.includes(separator);

import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** More files than a person lays beside a recipe; a search for a hint goes no further. */
const mostFiles = 5000;
const skipped = new Set(['.git', 'mkbase-out', 'node_modules']);

/**
 * Finds a file below a folder whose path ends in `path`; the shortest counts. Returns its path relative to
 * the folder, undefined for none. A folder that cannot be read has none.
 */
export async function fileBeside(folder: string, path: string): Promise<string | undefined> {
  const queue = [''];
  const found: string[] = [];
  let seen = 0;
  for (let next = queue.shift(); next !== undefined && seen < mostFiles; next = queue.shift()) {
    const entries = await readdir(join(folder, next), { withFileTypes: true }).catch(() => []);
    seen += entries.length;
    for (const entry of entries) {
      const full = posix.join(next, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name)) queue.push(full);
      if (entry.isFile() && (full === path || full.endsWith(`/${path}`))) found.push(full);
    }
  }
  return found.sort((a, b) => a.length - b.length)[0];
}

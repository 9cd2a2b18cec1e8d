import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/** Where a cache (the value of XDG_CACHE_HOME) keeps its blobs. */
export const blobsOf = (cache: string): string => join(cache, 'mkbase/blobs/sha256');

/** Blobs whose bytes are not what their name says. */
export async function wrongBlobs(cache: string): Promise<string[]> {
  const folder = blobsOf(cache);
  const wrong: string[] = [];
  for (const name of readdirSync(folder)) {
    if ((await sha256(join(folder, name))) !== name) wrong.push(name);
  }
  return wrong;
}

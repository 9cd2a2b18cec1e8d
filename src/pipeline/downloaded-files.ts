import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ioError } from '../base/errors.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Store } from '../store/store.ts';
import type { Content } from '../tar/entry.ts';

/**
 * The files that `files:` takes by URL, copied out of the store into `folder` and checked on the way.
 * By their sha256. Errors: SOURCE_CORRUPT, NO_SPACE, IO.
 */
export async function downloadedFiles(
  { files }: Recipe,
  store: Store,
  folder: string,
): Promise<Map<string, Content>> {
  const contents = new Map<string, Content>();
  for (const overlay of files) {
    if (!('url' in overlay) || contents.has(overlay.sha256)) continue;
    const file = join(folder, `file-${overlay.sha256}`);
    try {
      await pipeline(store.read(overlay.sha256), createWriteStream(file));
      contents.set(overlay.sha256, { file, offset: 0, size: (await stat(file)).size });
    } catch (error) {
      throw ioError(error, 'writing', file);
    }
  }
  return contents;
}

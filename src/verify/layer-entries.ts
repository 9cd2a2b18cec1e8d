import type { Entry } from '../tar/entry.ts';
import { readTar } from '../tar/read.ts';
import type { FoundLayer } from './found-image.ts';
import { bytesOf } from './parts.ts';

/**
 * The entries of a layer, their contents where they stand on disk; undefined for one that is stored
 * compressed.
 */
export async function layerEntries(
  { part, size }: FoundLayer,
  name: string,
  signal: AbortSignal,
): Promise<Entry[] | undefined> {
  if (part.size !== size) return undefined;
  const entries: Entry[] = [];
  for await (const { entry, contentOffset } of readTar(bytesOf(part, signal), { source: name })) {
    if (entry.type !== 'file') entries.push(entry);
    else {
      const content = { file: part.file, offset: part.offset + contentOffset, size: entry.size };
      entries.push({ ...entry, content });
    }
  }
  return entries;
}

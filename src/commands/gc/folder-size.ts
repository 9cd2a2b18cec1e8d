import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const blockSize = 512;

async function sizeOf(path: string, entry: Dirent): Promise<number> {
  if (entry.isDirectory()) return folderSize(path);
  const stat = await lstat(path).catch(() => undefined);
  return stat === undefined ? 0 : stat.blocks * blockSize;
}

/** Bytes of disk that a folder's files take; 0 where there is none, or none that can be read. */
export async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) total += await sizeOf(join(folder, entry.name), entry);
  return total;
}

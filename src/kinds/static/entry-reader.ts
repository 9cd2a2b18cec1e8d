import { open } from 'node:fs/promises';
import type { Entry } from '../../tar/entry.ts';

/** A regular file among entries. */
export type FileEntry = Extract<Entry, { type: 'file' }>;

/** The regular file at a path, if there is one. */
export function fileAt(entries: readonly Entry[], path: string): FileEntry | undefined {
  return entries.find((entry): entry is FileEntry => entry.path === path && entry.type === 'file');
}

/** Reads `length` bytes at `offset` of a file's contents, fewer at its end. */
export async function readAt(
  { content, size }: FileEntry,
  offset: number,
  length: number,
): Promise<Buffer> {
  if ('bytes' in content) return Buffer.from(content.bytes).subarray(offset, offset + length);
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
  const handle = await open(content.file);
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, content.offset + offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

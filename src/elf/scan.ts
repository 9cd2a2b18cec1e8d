import type { ReadAt } from './elf.ts';

const chunk = 64 * 1024;

/**
 * Whether bytes for which `isThere` answers stand in a range of a file. The range is read in pieces
 * that overlap by `overlap` bytes, so what is looked for must not be longer.
 */
export async function scan(
  readAt: ReadAt,
  range: { readonly offset: number; readonly size: number },
  overlap: number,
  isThere: (bytes: Buffer) => boolean,
): Promise<boolean> {
  const end = range.offset + range.size;
  for (let at = range.offset; at < end; at += chunk) {
    const bytes = await readAt(at, Math.min(chunk + overlap, end - at));
    if (bytes.length === 0) return false;
    if (isThere(bytes)) return true;
  }
  return false;
}

import { bytesOf, sizeOf } from '../../oci/archive-files.ts';
import type { Entry } from '../../tar/entry.ts';
import { shown } from '../../tar/names.ts';
import { writeTar } from '../../tar/write.ts';
import type { Mismatch } from '../report.ts';

/** Reads a stream in pieces of the lengths asked for; the last may be shorter. */
function reader(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async read(length: number): Promise<Uint8Array> {
      while (rest.length < length) {
        const { done, value } = await iterator.next();
        if (done) break;
        rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
      }
      const piece = rest.subarray(0, length);
      rest = rest.subarray(piece.length);
      return piece;
    },
    async close() {
      await iterator.return?.();
    },
  };
}

/** Returns the offset of the first byte that differs between two streams; undefined when they are equal. */
async function firstDifference(
  found: AsyncIterable<Uint8Array>,
  expected: AsyncIterable<Uint8Array>,
): Promise<number | undefined> {
  const bytes = reader(found);
  let offset = 0;
  try {
    for await (const chunk of expected) {
      const piece = await bytes.read(chunk.length);
      if (Buffer.compare(piece, chunk) !== 0) {
        return offset + chunk.findIndex((byte, at) => byte !== piece[at]);
      }
      offset += chunk.length;
    }
    return (await bytes.read(1)).length === 0 ? undefined : offset;
  } finally {
    await bytes.close();
  }
}

/** Names the first file whose content starts after a byte of the archive, else the last file. */
function memberAt(entries: readonly Entry[], offset: number): string {
  const files = entries.filter((entry) => entry.type === 'file');
  const next = files.find(({ content }) => 'file' in content && content.offset > offset);
  const member = next ?? files.at(-1);
  return member === undefined ? 'the archive' : `near ${shown(member.path)}`;
}

/**
 * Writes an archive's entries again, compares the bytes and reports the first that differs. So the
 * bytes that no reader looks at (padding, the form of a number, bytes after the end) have one form, too.
 */
export async function checkTarBytes(
  file: string,
  path: string,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<Mismatch[]> {
  const size = await sizeOf(path);
  const found = bytesOf({ file: path, offset: 0, size }, signal);
  const offset = await firstDifference(found, writeTar(entries));
  if (offset === undefined) return [];
  const claimed = offset >= size ? `an end after ${size} bytes` : 'another byte';
  const computed = `the tar of the same entries, ${memberAt(entries, offset)}`;
  return [{ file, field: `byte ${offset}`, claimed, computed }];
}

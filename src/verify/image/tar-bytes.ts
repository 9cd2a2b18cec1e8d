import { interrupted } from '../../base/errors.ts';
import { sizeOf } from '../../oci/archive-files.ts';
import { contentReader } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import { encodeHeader } from '../../tar/format/encode-header.ts';
import { blockSize, paddingOf } from '../../tar/format/header-fields.ts';
import { shown } from '../../tar/names.ts';
import type { Mismatch } from '../report.ts';

/** Bytes that an archive has to have at an offset. */
interface Framing {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const zeros = Buffer.alloc(2 * blockSize);

/** Returns everything in the tar of these entries but the contents of files, and the length of it all. */
function framingOf(entries: readonly Entry[]) {
  const framing: Framing[] = [];
  let offset = 0;
  const add = (bytes: Uint8Array) => {
    framing.push({ offset, bytes });
    offset += bytes.length;
  };
  for (const entry of entries) {
    add(encodeHeader(entry));
    if (entry.type !== 'file') continue;
    offset += entry.size;
    add(zeros.subarray(0, paddingOf(entry.size)));
  }
  add(zeros);
  return { framing, length: offset };
}

/**
 * Returns the offset of the first byte of an archive that is not as in the tar of its entries; undefined
 * when all are. The contents of files are the archive's own and are not read again.
 */
function firstDifference(
  path: string,
  size: number,
  entries: readonly Entry[],
  signal: AbortSignal,
): number | undefined {
  const { framing, length } = framingOf(entries);
  const archive = { file: path, offset: 0, size };
  const reader = contentReader();
  try {
    for (const { offset, bytes } of framing) {
      if (signal.aborted) throw interrupted(signal);
      const found = Buffer.alloc(Math.max(0, Math.min(bytes.length, size - offset)));
      reader.fill(archive, offset, found);
      if (!found.equals(bytes)) return offset + bytes.findIndex((byte, at) => byte !== found[at]);
    }
    return size === length ? undefined : length;
  } finally {
    reader.close();
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
  const offset = firstDifference(path, size, entries, signal);
  if (offset === undefined) return [];
  const claimed = offset >= size ? `an end after ${size} bytes` : 'another byte';
  const computed = `the tar of the same entries, ${memberAt(entries, offset)}`;
  return [{ file, field: `byte ${offset}`, claimed, computed }];
}

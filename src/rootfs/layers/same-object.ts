import { isDeepStrictEqual } from 'node:util';
import { type ContentReader, contentSize } from '../../tar/content.ts';
import type { Content } from '../../tar/entry.ts';
import type { Inode } from '../tree.ts';

/** So many bytes of both contents are compared at once. */
const pieceSize = 256 * 1024;

/** Says whether two contents are the very same bytes of the same file, which needs no reading. */
const isSameRange = (one: Content, other: Content): boolean =>
  'file' in one && 'file' in other && one.file === other.file && one.offset === other.offset;

/** Compares two contents of equal length byte for byte. Throws IO. */
async function isSameContent(one: Content, other: Content, reader: ContentReader) {
  if (contentSize(one) !== contentSize(other)) return false;
  if (isSameRange(one, other)) return true;
  const size = contentSize(one);
  for (let at = 0; at < size; at += pieceSize) {
    const length = Math.min(pieceSize, size - at);
    const pieces = [Buffer.alloc(length), Buffer.alloc(length)] as const;
    await reader.fill(one, at, pieces[0]);
    await reader.fill(other, at, pieces[1]);
    if (!pieces[0].equals(pieces[1])) return false;
  }
  return true;
}

/** Returns everything of an object but its name and its bytes. */
function attributesOf(inode: Inode): object {
  const { path: _, ...attributes } = inode;
  if (!('content' in attributes)) return attributes;
  const { content: __, ...rest } = attributes;
  return rest;
}

/** Says whether two objects are alike in type, mode, owner, time, attributes and content. Throws IO. */
export async function isSameObject(
  one: Inode,
  other: Inode,
  reader: ContentReader,
): Promise<boolean> {
  if (!isDeepStrictEqual(attributesOf(one), attributesOf(other))) return false;
  if (one.type !== 'file' || other.type !== 'file') return true;
  return isSameContent(one.content, other.content, reader);
}

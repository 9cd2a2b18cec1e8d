import { contentReader, contentSize } from '../../../tar/content.ts';
import type { Content } from '../../../tar/entry.ts';

const pieceSize = 64 * 1024;

/** Whether two contents are the same bytes. */
export async function sameContent(first: Content, second: Content): Promise<boolean> {
  const size = contentSize(first);
  if (size !== contentSize(second)) return false;
  const reader = contentReader();
  try {
    for (let position = 0; position < size; position += pieceSize) {
      const length = Math.min(pieceSize, size - position);
      const [left, right] = [Buffer.alloc(length), Buffer.alloc(length)];
      await reader.fill(first, position, left);
      await reader.fill(second, position, right);
      if (!left.equals(right)) return false;
    }
    return true;
  } finally {
    reader.close();
  }
}

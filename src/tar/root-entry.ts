import { type ByteString, toByteString } from '../base/byte-string.ts';
import { contentSize } from './content.ts';
import type { Content, Entry } from './entry.ts';

/** Attributes of what mkbase itself adds to a tree, or sends to a builder. */
const ofRoot = { uid: 0, gid: 0, xattrs: [] } as const;

const contentOf = (content: Content | Uint8Array | string): Content => {
  if (typeof content === 'string') return { bytes: Buffer.from(content) };
  return content instanceof Uint8Array ? { bytes: content } : content;
};

/** Returns a file of root's that everybody may read. `path` and a content that is text are written as UTF-8. */
export function rootFile(
  path: string,
  content: Content | Uint8Array | string,
  mtime = 0,
): Extract<Entry, { type: 'file' }> {
  const own = contentOf(content);
  const common = { ...ofRoot, path: toByteString(path), mode: 0o644, mtime };
  return { ...common, type: 'file', size: contentSize(own), content: own };
}

/** Returns a symbolic link of root's. */
export const rootLink = (path: ByteString, target: ByteString, mtime: number): Entry => ({
  ...{ ...ofRoot, type: 'symlink', path, target, mode: 0o777, mtime },
});

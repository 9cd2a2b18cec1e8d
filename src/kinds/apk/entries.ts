import { toByteString } from '../../base/byte-string.ts';
import type { Entry } from '../../tar/entry.ts';

const attributes = { uid: 0, gid: 0, mtime: 0, xattrs: [] } as const;

/** A file of mkbase's own for a builder. */
export function plainFile(path: string, content: string | Uint8Array): Entry {
  const bytes = Buffer.from(content as Uint8Array);
  const common = { ...attributes, path: toByteString(path), mode: 0o644 };
  return { ...common, type: 'file', size: bytes.length, content: { bytes } };
}

export const directory = (path: string): Entry => ({
  ...attributes,
  path: toByteString(path),
  mode: 0o755,
  type: 'directory',
});

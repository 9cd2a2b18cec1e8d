import type { ByteString } from '../../base/byte-string.ts';
import type { Entry } from '../../tar/entry.ts';
import { parentOf } from '../../tar/names.ts';

/** Opens the name of a file that takes another one away (OCI image-spec, layer.md, "Whiteouts"). */
const prefix = '.wh.';

/** The name of a file that takes away all that lower layers have in its folder (ibid., "Opaque Whiteout"). */
const opaque = '.wh..wh..opq';

const nameIn = (path: ByteString): ByteString => path.slice(path.lastIndexOf('/') + 1);

const join = (folder: ByteString, name: ByteString): ByteString =>
  folder === '' ? name : `${folder}/${name}`;

/**
 * Returns the entry by which a layer takes a path of the layers below away. All its fields are fixed, so that a layer
 * is a function of the two trees alone.
 */
export const whiteoutOf = (path: ByteString): Entry => ({
  type: 'file',
  path: join(parentOf(path), `${prefix}${nameIn(path)}`),
  ...{ mode: 0, uid: 0, gid: 0, mtime: 0, xattrs: [], size: 0 },
  content: { bytes: new Uint8Array() },
});

/** An order to take away one path, or all that is in a folder. */
export type Removal = { readonly path: ByteString } | { readonly below: ByteString };

/** Returns the order that the name of an entry is; undefined for any other entry. */
export function removalIn({ path }: Pick<Entry, 'path'>): Removal | undefined {
  const name = nameIn(path);
  if (name === opaque) return { below: parentOf(path) };
  if (!name.startsWith(prefix)) return undefined;
  return { path: join(parentOf(path), name.slice(prefix.length)) };
}

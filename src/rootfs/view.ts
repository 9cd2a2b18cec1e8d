import { posix } from 'node:path';
import type { ByteString } from '../base/byte-string.ts';
import { readContent } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';

/** The entries of a rootfs as a file system that can be looked into. */
export interface RootfsView {
  readonly entries: readonly Entry[];
  /** Returns the entry at a path, other names of a file resolved. */
  at(path: ByteString): Entry | undefined;
  /** Follows the links among the folders of a path, but not its last part. */
  resolve(path: ByteString): ByteString;
  /** Returns the path that a symlink leads to, as it would be for somebody in the rootfs. */
  targetOf(link: Extract<Entry, { type: 'symlink' }>): ByteString;
  /** Reads a file's text, links followed; undefined when there is none, or one too large to hold. */
  readText(path: ByteString): Promise<string | undefined>;
  /** The same, byte for byte. */
  readBytes(path: ByteString): Promise<ByteString | undefined>;
}

/** Links followed before a path counts as leading nowhere (path_resolution(7)). */
const maxLinks = 40;
/** Far beyond a package database. */
const maxText = 64 * 1024 ** 2;

/** Works out `.` and `..` in a path; nothing leads above the root. */
const normalised = (path: ByteString): ByteString => posix.join('/', path).replace(/^\/|\/$/g, '');

export function rootfsView(entries: readonly Entry[]): RootfsView {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const resolved = new Map<ByteString, ByteString>();

  function folder(path: ByteString, links: number): ByteString {
    if (path === '' || path === '.') return '';
    const known = resolved.get(path);
    if (known !== undefined) return known;
    const place = resolve(path, links);
    const entry = byPath.get(place);
    const end =
      entry?.type === 'symlink' && links < maxLinks
        ? folder(targetFrom(place, entry.target), links + 1)
        : place;
    resolved.set(path, end);
    return end;
  }

  function resolve(path: ByteString, links = 0): ByteString {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return path;
    const parent = folder(path.slice(0, slash), links);
    return parent === '' ? path.slice(slash + 1) : `${parent}${path.slice(slash)}`;
  }

  const targetFrom = (path: ByteString, target: ByteString): ByteString =>
    target.startsWith('/')
      ? normalised(target)
      : normalised(`${path.slice(0, Math.max(0, path.lastIndexOf('/')))}/${target}`);

  function at(path: ByteString): Entry | undefined {
    const entry = byPath.get(path);
    return entry?.type === 'hardlink' ? byPath.get(entry.target) : entry;
  }

  async function read(path: ByteString): Promise<Buffer | undefined> {
    const entry = at(folder(normalised(path), 0));
    return entry?.type === 'file' && entry.size <= maxText ? readContent(entry.content) : undefined;
  }

  return {
    entries,
    at,
    resolve: (path) => resolve(normalised(path)),
    targetOf: ({ path, target }) => resolve(targetFrom(path, target)),
    readText: async (path) => (await read(path))?.toString('utf8'),
    readBytes: async (path) => (await read(path))?.toString('latin1'),
  };
}

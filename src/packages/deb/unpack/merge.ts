import { type ByteString, fromByteString } from '../../../base/byte-string.ts';
import { MkbaseError } from '../../../base/errors.ts';
import { contentReader, contentSize } from '../../../tar/content.ts';
import type { Content, Entry } from '../../../tar/entry.ts';
import { meets } from '../index/relations.ts';
import type { UnpackedDeb } from './unpack-deb.ts';
import { isMergeLink, mergedPath } from './usr-merge.ts';

/** A diversion that a package makes with dpkg-divert(1) when it is configured. Paths begin with a slash. */
export interface Diversion {
  /** The file that two packages ship. */
  readonly path: string;
  /** The path that the other packages' file goes to. */
  readonly to: string;
  /** The package that keeps the path. */
  readonly by: string;
}

/** An entry at its place, and the package that it came from. */
export interface Owned {
  readonly entry: Entry;
  readonly owner: UnpackedDeb;
}

/**
 * Joins the files of packages into one tree: paths redirected by the /usr merge and by diversions,
 * folders shared, files that one package Replaces taken from that package. Packages are taken in
 * the order given. Throws PACKAGE_CONFLICT when two packages ship one path and neither replaces the
 * other.
 */
export async function mergePackages(
  packages: readonly UnpackedDeb[],
  diversions: readonly Diversion[],
): Promise<Map<ByteString, Owned>> {
  const tree = new Map<ByteString, Owned>();
  for (const owner of packages) {
    const redirect = redirection(owner.locked.name, diversions);
    for (const original of owner.entries) {
      if (isMergeLink(original)) continue;
      const entry = redirected(original, redirect);
      const existing = tree.get(entry.path);
      const winner =
        existing === undefined ? { entry, owner } : await winnerOf(existing, { entry, owner });
      tree.set(entry.path, winner);
    }
  }
  return tree;
}

type Redirect = (path: ByteString) => ByteString;

function redirection(name: string, diversions: readonly Diversion[]): Redirect {
  const inTree = (path: string) => mergedPath(Buffer.from(path.slice(1)).toString('latin1'));
  const others = diversions.filter(({ by }) => by !== name);
  const moved = new Map(others.map(({ path, to }) => [inTree(path), inTree(to)]));
  return (path) => {
    const place = mergedPath(path);
    return moved.get(place) ?? place;
  };
}

function redirected(entry: Entry, redirect: Redirect): Entry {
  const path = redirect(entry.path);
  if (entry.type === 'hardlink') return { ...entry, path, target: redirect(entry.target) };
  return path === entry.path ? entry : { ...entry, path };
}

/** Chooses which of two entries at one path stays. */
async function winnerOf(existing: Owned, incoming: Owned): Promise<Owned> {
  const [first, second] = [existing.entry, incoming.entry];
  if (first.type === 'directory' && second.type === 'directory') return existing;
  if (replaces(incoming.owner, existing.owner)) return incoming;
  if (replaces(existing.owner, incoming.owner)) return existing;
  if (await same(first, second)) return existing;
  throw conflict(existing, incoming);
}

function replaces(winner: UnpackedDeb, loser: UnpackedDeb): boolean {
  return winner !== loser && winner.replaces.some((relation) => meets(loser.locked, relation));
}

async function same(first: Entry, second: Entry): Promise<boolean> {
  if (first.type === 'symlink' && second.type === 'symlink') return first.target === second.target;
  if (first.type !== 'file' || second.type !== 'file') return false;
  return first.mode === second.mode && (await sameContent(first.content, second.content));
}

const pieceSize = 64 * 1024;

/** Tells whether two contents are the same bytes. */
async function sameContent(first: Content, second: Content): Promise<boolean> {
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

function conflict(existing: Owned, incoming: Owned): MkbaseError {
  const path = `/${fromByteString(existing.entry.path)}`;
  const [first, second] = [existing, incoming].map(
    ({ entry, owner }) => `${owner.locked.name} ${owner.locked.version} (${entry.type})`,
  );
  return new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message: `${path} is in two packages and neither replaces the other: ${first} and ${second}.`,
    hint: 'Leave one of them out with "exclude", or move one file aside with "diversions".',
  });
}

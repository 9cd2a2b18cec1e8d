import type { ByteString } from '../../base/byte-string.ts';
import type { Io } from '../../base/events.ts';
import { hashOfBytes } from '../../base/hash.ts';
import type { Unattributed } from '../../kinds/component.ts';
import type { KindParts } from '../../kinds/contract.ts';
import type { Algorithm, Claim, Expected } from '../../packages/claim.ts';
import { type RootfsView, rootfsView } from '../../rootfs/view.ts';
import type { Entry } from '../../tar/entry.ts';
import type { Attribution, InventoryFile } from './file.ts';
import { type Digests, hashFiles } from './hash-files.ts';

const sameDevice = (a: Entry, b: Entry): boolean =>
  !('major' in a) || ('major' in b && a.major === b.major && a.minor === b.minor);

/**
 * Returns a function that tells whether a recipe's commands made or changed a path. `before` is what
 * they found, which is hashed for it; undefined for a recipe without commands.
 */
export async function runFinder(
  before: readonly Entry[] | undefined,
  io: Io,
): Promise<(entry: Entry, digests: Digests | undefined) => boolean> {
  if (before === undefined) return () => false;
  const view = rootfsView(before);
  const hashes: ReadonlyMap<ByteString, Digests> = await hashFiles(before, new Set(), io);
  return (entry, digests) => {
    const found = view.at(entry.path);
    if (found?.type !== entry.type) return true;
    if (found.type === 'symlink' && entry.type === 'symlink') return found.target !== entry.target;
    if (found.type === 'file') return hashes.get(found.path)?.sha256 !== digests?.sha256;
    return !sameDevice(found, entry);
  };
}

/** A path's owner, and the ground on which it is known. */
export interface Owner {
  readonly component: string;
  readonly attribution: Attribution;
}

/** The grounds on which paths are attributed; those after the claims are asked in turn. */
interface Evidence {
  readonly view: RootfsView;
  readonly digests: ReadonlyMap<ByteString, Digests>;
  /** Claims by resolved path; the recipe's come before the packages'. */
  readonly claims: ReadonlyMap<ByteString, readonly Claim[]>;
  /** Tells whether the recipe's commands made or changed a path. */
  readonly madeByRun: (entry: Entry, digests: Digests | undefined) => boolean;
  readonly byRule: (entry: Entry) => Owner | undefined;
  /** The archive that the rootfs comes from, and the test whether an entry is unchanged from it. */
  readonly archive: KindParts['archive'];
}

/** Tells whether an entry is as a component states; undefined if it states nothing but the name. */
function holds(
  entry: Entry,
  digests: Digests | undefined,
  expected: Expected,
): boolean | undefined {
  switch (expected.type) {
    case 'name':
      return undefined;
    case 'program':
      return entry.type === 'file';
    case 'symlink':
      return entry.type === 'symlink' && entry.target === expected.target;
    case 'file':
      if (entry.type === 'symlink') return targetDigest(entry.target, expected) === expected.digest;
      return digests?.[expected.algorithm] === expected.digest;
  }
}

const targetDigest = (target: ByteString, { algorithm }: { readonly algorithm: Algorithm }) =>
  hashOfBytes(algorithm, Buffer.from(target, 'latin1'));

function attributionOf({ component, expected }: Claim): Attribution {
  if (expected.type === 'program') return { by: 'link' };
  return { by: component.startsWith('recipe:') ? 'recipe' : 'package' };
}

function archiveOwner(
  entry: Entry,
  digests: Digests | undefined,
  { archive }: Evidence,
): Owner | undefined {
  if (!archive?.owns(entry, digests)) return undefined;
  return { component: archive.component.id, attribution: { by: 'archive' } };
}

function ownerOf(
  entry: Entry,
  digests: Digests | undefined,
  evidence: Evidence,
): Owner | undefined {
  const claims = evidence.claims.get(entry.path) ?? [];
  const confirmed = claims.find(({ expected }) => holds(entry, digests, expected) === true);
  if (confirmed) return { component: confirmed.component, attribution: attributionOf(confirmed) };
  if (evidence.madeByRun(entry, digests))
    return { component: 'recipe:run', attribution: { by: 'recipe' } };
  const listed = claims.find(({ expected }) => holds(entry, digests, expected) === undefined);
  if (listed) return { component: listed.component, attribution: { by: 'listed' } };
  return evidence.byRule(entry) ?? archiveOwner(entry, digests, evidence);
}

/** The reason of a path that nothing claims. */
export const claimedByNothing = 'no package and no part of the recipe claims it';

/** Returns the reason why nothing owns a path. */
function reasonOf(entry: Entry, { claims }: Evidence): string {
  const [claim] = claims.get(entry.path) ?? [];
  if (claim === undefined) return claimedByNothing;
  const { component, expected } = claim;
  if (expected.type === 'symlink') return `${component} ships it as a link to ${expected.target}`;
  if (expected.type !== 'file') return `${component} has a ${expected.type} there`;
  return `${component} states ${expected.algorithm} ${expected.digest} of it, and it is another`;
}

/** Attributes every path but directories. */
export function attribute(evidence: Evidence): {
  files: InventoryFile[];
  unattributed: Unattributed[];
} {
  const files: InventoryFile[] = [];
  const unattributed: Unattributed[] = [];
  for (const entry of evidence.view.entries) {
    const inode = evidence.view.at(entry.path);
    if (inode === undefined || inode.type === 'directory' || inode.type === 'hardlink') continue;
    const named = { ...inode, path: entry.path };
    const digests = evidence.digests.get(inode.path);
    const owner = ownerOf(named, digests, evidence);
    if (owner === undefined)
      unattributed.push({ path: entry.path, reason: reasonOf(named, evidence) });
    files.push({
      path: entry.path,
      type: inode.type,
      ...(inode.type === 'symlink' && { target: inode.target }),
      ...(digests && { digests: { sha1: digests.sha1, sha256: digests.sha256 } }),
      component: owner?.component,
      attribution: owner?.attribution,
    });
  }
  const byPath = (a: { path: ByteString }, b: { path: ByteString }) => (a.path < b.path ? -1 : 1);
  return { files: files.sort(byPath), unattributed: unattributed.sort(byPath) };
}

import type { ByteString } from '../base/byte-string.ts';
import { shown } from '../tar/names.ts';
import type { Refuse } from './refusals.ts';
import { ancestorsOf, type Inode, type Tree } from './tree.ts';

/** A rule about the paths of a rootfs, as data. */
interface Rule {
  /** Says what is wrong with the path, as the rest of a sentence; undefined when nothing is. */
  readonly finding: (path: ByteString, inode: Inode, tree: Tree) => string | undefined;
  readonly reason: string;
  /** The finding is fine once somebody has declared that it is meant. */
  readonly declarable: boolean;
}

/** Looks at the nearest ancestor only: the ones above it are checked themselves. */
function nonDirectoryAbove(path: ByteString, tree: Tree): string | undefined {
  for (const ancestor of ancestorsOf(path)) {
    const above = tree.get(ancestor);
    if (above === undefined) continue;
    if (above.type === 'directory') return undefined;
    if (above.type !== 'symlink') return `is beneath ${shown(ancestor)}, a ${above.type}`;
    return `is reached through ${shown(ancestor)}, a symlink to ${shown(above.target)}`;
  }
  return undefined;
}

const setid = (mode: number): string => (mode & 0o4000 ? 'setuid' : 'setgid');

export const rules: readonly Rule[] = [
  {
    finding: (path) =>
      path.split('/').some((part) => part.startsWith('.wh.')) ? 'is a whiteout' : undefined,
    reason: 'image stores take it as an order to delete a file (OCI image-spec, layer.md)',
    declarable: false,
  },
  {
    finding: (path, _, tree) => nonDirectoryAbove(path, tree),
    reason: 'where it lands would depend on who unpacks it',
    declarable: false,
  },
  {
    finding: (_, { type }) =>
      type === 'character' || type === 'block' ? `is a ${type} device` : undefined,
    reason: 'it opens a device of the machine; container engines make /dev themselves',
    declarable: true,
  },
  {
    finding: (_, { type, mode }) =>
      type === 'file' && mode & 0o6000 ? `is ${setid(mode)} (mode ${mode.toString(8)})` : undefined,
    reason: 'whoever runs it gets the rights of its owner',
    declarable: true,
  },
  {
    finding: (_, { xattrs }) =>
      xattrs.length > 0
        ? `has extended attributes (${xattrs.map(([name]) => shown(name)).join(', ')})`
        : undefined,
    reason: 'they may grant capabilities to whoever runs it (capabilities(7))',
    declarable: true,
  },
];

/** Paths whose devices, setuid bits and extended attributes are meant; `listed` takes them all. */
export type Allow = 'listed' | readonly ByteString[];

export interface PolicyListeners {
  readonly refuse: Refuse;
  /** Hears of every finding that only a declaration let through. */
  readonly keep: (path: ByteString, finding: string) => void;
}

/** Checks every path against every rule. */
export function checkPolicy(
  tree: Tree,
  declared: { readonly allow: Allow; readonly byRecipe: ReadonlySet<ByteString> },
  { refuse, keep }: PolicyListeners,
): void {
  const listed = declared.allow === 'listed' ? undefined : new Set(declared.allow);
  const isDeclared = (path: ByteString) =>
    listed === undefined || listed.has(path) || declared.byRecipe.has(path);
  for (const [path, inode] of tree) {
    for (const { finding, reason, declarable } of rules) {
      const found = finding(path, inode, tree);
      if (found === undefined) continue;
      if (declarable && isDeclared(path)) keep(path, found);
      else refuse(path, `${found}: ${reason}`);
    }
  }
}

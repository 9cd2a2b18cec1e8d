import type { ByteString } from '../base/byte-string.ts';
import { MkbaseError } from '../base/errors.ts';
import { readContent } from '../tar/content.ts';
import { namesIn } from './accounts.ts';
import type { Tree } from './tree.ts';

/** Returns the names in passwd(5) or group(5); undefined for what is no file, which is not followed. */
async function namesAt(tree: Tree, path: ByteString): Promise<Set<ByteString> | undefined> {
  const inode = tree.get(path);
  if (inode === undefined) return new Set();
  if (inode.type !== 'file') return undefined;
  return namesIn((await readContent(inode.content)).toString('latin1'));
}

async function requireName(tree: Tree, path: ByteString, what: string, name: string, user: string) {
  if (/^[0-9]+$/.test(name) || (await namesAt(tree, path))?.has(name) !== false) return;
  throw new MkbaseError({
    code: 'ROOTFS_REFUSED',
    message: `The image is to run as ${user}, but its /${path} has no ${what} ${name}: no engine could start it.`,
    hint: `Add ${name} under \`accounts:\`, or give the number of the ${what}.`,
    about: [user],
  });
}

/**
 * Checks that the user and the group which `image.user` names are in the tree, as engines look them up
 * when the image starts; numbers need no name. Throws ROOTFS_REFUSED.
 */
export async function checkUser(tree: Tree, user: string | undefined): Promise<void> {
  if (user === undefined) return;
  const [name = '', group] = user.split(':');
  await requireName(tree, 'etc/passwd', 'user', name, user);
  if (group !== undefined) await requireName(tree, 'etc/group', 'group', group, user);
}

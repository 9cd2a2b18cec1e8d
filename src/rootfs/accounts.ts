import { type ByteString, toByteString } from '../base/byte-string.ts';
import type { Accounts } from '../recipe/schema/overlays.ts';
import { readContent } from '../tar/content.ts';
import type { Refuse } from './refusals.ts';
import type { Tree } from './tree.ts';

/** One of passwd(5) and group(5): lines of fields joined by ":", name first and id third. */
export interface AccountFile {
  readonly path: ByteString;
  /** Names by id, and ids by name; of doubles the first counts, as for getpwuid(3). */
  readonly names: Map<number, ByteString>;
  readonly ids: Map<ByteString, number>;
  /** Adds a line, or refuses it when its name or id is taken. */
  add(name: ByteString, id: number, fields: readonly ByteString[]): void;
  /** Puts the file into the tree, if a line was added. */
  save(epoch: number): void;
}

const sizeLimit = 1024 * 1024;

async function existingText(tree: Tree, path: ByteString, refuse: Refuse): Promise<ByteString> {
  const inode = tree.get(path);
  if (inode === undefined) return '';
  if (inode.type !== 'file') refuse(path, `is a ${inode.type}; accounts: cannot be added to it`);
  else if (inode.size > sizeLimit) refuse(path, `has ${inode.size} bytes, too many for accounts:`);
  else {
    const text = (await readContent(inode.content)).toString('latin1');
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  }
  return '';
}

function putText(tree: Tree, path: ByteString, text: ByteString, epoch: number): void {
  const bytes = Buffer.from(text, 'latin1');
  const before = tree.get(path);
  const { mode, uid, gid, xattrs } = before ?? { mode: 0o644, uid: 0, gid: 0, xattrs: [] };
  const common = { path, mode, uid, gid, xattrs, mtime: epoch };
  tree.set(path, { ...common, type: 'file', size: bytes.length, content: { bytes } });
}

/** Reads the file at `path`; one that is not there counts as empty. */
async function readAccountFile(tree: Tree, path: ByteString, refuse: Refuse): Promise<AccountFile> {
  const text = await existingText(tree, path, refuse);
  const names = new Map<number, ByteString>();
  const ids = new Map<ByteString, number>();
  const added: ByteString[] = [];
  const remember = (name: ByteString, id: number) => {
    if (!names.has(id)) names.set(id, name);
    if (!ids.has(name)) ids.set(name, id);
  };
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (/^[0-9]+$/.test(id)) remember(name, Number(id));
  }
  return {
    path,
    names,
    ids,
    add: (name, id, fields) => {
      const holder = names.get(id);
      const taken = ids.get(name);
      if (taken !== undefined) refuse(path, `has ${name} already, with the id ${taken}`, name);
      else if (holder !== undefined)
        refuse(path, `has the id ${id} already; ${holder} has it, ${name} cannot`, name);
      else {
        remember(name, id);
        added.push(`${fields.join(':')}\n`);
      }
    },
    save: (epoch) => {
      if (added.length > 0) putText(tree, path, text + added.join(''), epoch);
    },
  };
}

function addGroup(group: AccountFile, name: string, gid: number, members: readonly string[]) {
  group.add(name, gid, [name, 'x', String(gid), members.join(',')]);
}

function addUsers(users: Accounts['users'], passwd: AccountFile, group: AccountFile): void {
  for (const { name, uid, gid = uid, comment, home, shell } of users) {
    const fields = [name, 'x', String(uid), String(gid), comment, home, shell];
    passwd.add(name, uid, fields.map(toByteString));
    if (!group.names.has(gid)) addGroup(group, name, gid, []);
  }
}

/**
 * Appends `accounts:` to /etc/passwd and /etc/group (passwd(5), group(5)), or makes these files. A
 * user whose primary group does not exist gets one of the user's own name. A name or id that is
 * taken is refused, and so is a member that is no user.
 */
export async function applyAccounts(
  tree: Tree,
  { users, groups }: Accounts,
  epoch: number,
  refuse: Refuse,
): Promise<void> {
  if (users.length + groups.length === 0) return;
  const passwd = await readAccountFile(tree, 'etc/passwd', refuse);
  const group = await readAccountFile(tree, 'etc/group', refuse);
  for (const { name, gid, members } of groups) addGroup(group, name, gid, members);
  addUsers(users, passwd, group);
  for (const { name, members } of groups) {
    for (const member of members) {
      if (!passwd.ids.has(member))
        refuse(group.path, `cannot list ${member} in ${name}: no such user`, name);
    }
  }
  passwd.save(epoch);
  group.save(epoch);
}

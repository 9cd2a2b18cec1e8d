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
  /** Names that were added, in their order. */
  readonly added: readonly ByteString[];
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
  const lines: ByteString[] = [];
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
    added,
    add: (name, id, fields) => {
      const holder = names.get(id);
      const taken = ids.get(name);
      if (taken !== undefined) refuse(path, `has ${name} already, with the id ${taken}`, name);
      else if (holder !== undefined)
        refuse(path, `has the id ${id} already; ${holder} has it, ${name} cannot`, name);
      else {
        remember(name, id);
        added.push(name);
        lines.push(`${fields.join(':')}\n`);
      }
    },
    save: (epoch) => {
      if (added.length > 0) putText(tree, path, text + lines.join(''), epoch);
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

const day = 86_400;

/**
 * Appends lines to a file of passwords (shadow(5), gshadow(5)) if there is one: programs that find it
 * look for every account there. A name that has a line already keeps it.
 */
async function addLocked(
  tree: Tree,
  path: ByteString,
  lines: ReadonlyMap<ByteString, ByteString>,
  epoch: number,
  refuse: Refuse,
): Promise<void> {
  if (tree.get(path) === undefined) return;
  const text = await existingText(tree, path, refuse);
  const present = namesIn(text);
  const added = [...lines].filter(([name]) => !present.has(name)).map(([, line]) => `${line}\n`);
  if (added.length > 0) putText(tree, path, text + added.join(''), epoch);
}

/** Returns a line of shadow(5) whose password nothing matches, last changed on the day of the epoch. */
const lockedUser = (name: ByteString, epoch: number): ByteString =>
  `${name}:!:${Math.floor(epoch / day)}:0:99999:7:::`;

/** Returns the names at the start of each line of passwd(5), group(5) or shadow(5). */
export const namesIn = (text: ByteString): Set<ByteString> =>
  new Set(text.split('\n').map((line) => line.slice(0, Math.max(0, line.indexOf(':')))));

/** The paths of the files that `accounts:` adds lines to; the last two only where they exist. */
export const accountFiles = ['etc/passwd', 'etc/group', 'etc/shadow', 'etc/gshadow'] as const;

/**
 * Appends `accounts:` to /etc/passwd and /etc/group (passwd(5), group(5)), or makes these files, and
 * adds a locked line for each to /etc/shadow and /etc/gshadow where these exist. A user whose primary
 * group does not exist gets one of the user's own name. A name or id that is taken is refused, and so
 * is a member that is no user.
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
  const members = new Map(groups.map(({ name, members }) => [name, members.join(',')]));
  const locked = {
    users: new Map(passwd.added.map((name) => [name, lockedUser(name, epoch)])),
    groups: new Map(group.added.map((name) => [name, `${name}:!::${members.get(name) ?? ''}`])),
  };
  passwd.save(epoch);
  group.save(epoch);
  await addLocked(tree, 'etc/shadow', locked.users, epoch, refuse);
  await addLocked(tree, 'etc/gshadow', locked.groups, epoch, refuse);
}

import { toByteString } from '../base/byte-string.ts';
import type { Accounts } from '../recipe/schema/overlays.ts';
import { type AccountFile, readAccountFile } from './account-file.ts';
import type { Refuse } from './refusals.ts';
import type { Tree } from './tree.ts';

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

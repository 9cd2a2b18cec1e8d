import { fromByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';

/** The user that an image's program runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** The further groups that it is in. */
  readonly groups: readonly number[];
}

const isNumber = (text: string) => /^\d+$/.test(text);

async function rows(entries: readonly Entry[], path: string): Promise<string[][]> {
  const file = entries.find((entry) => entry.path === path);
  if (file?.type !== 'file') return [];
  const text = fromByteString((await readContent(file.content)).toString('latin1'));
  return text.split('\n').map((line) => line.split(':'));
}

function unknown(kind: 'user' | 'group', name: string): never {
  throw new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `The image runs as ${kind} ${name}, which is not in its /etc/${kind === 'user' ? 'passwd' : 'group'}.`,
    hint: 'Name one that is there, or give a number.',
  });
}

/**
 * Reads the `User` of an image config (image-spec, config.md): `user`, `uid`, `user:group`,
 * `uid:gid` and so on; names are looked up in the image's own passwd(5) and group(5). A user who is named
 * without a group is in all groups that list it. ENGINE_FAILED for an unknown name.
 */
export async function findUser(specification: string, entries: readonly Entry[]): Promise<User> {
  const [user = '', group] = specification.split(':');
  const passwd = await rows(entries, 'etc/passwd');
  const account = passwd.find(
    ([name, , uid]) => (isNumber(user) ? uid : name) === (user || 'root'),
  );
  if (account === undefined && user !== '' && !isNumber(user)) unknown('user', user);
  const uid = Number(account?.[2] ?? (user || 0));
  const home = account?.[5] || '/';
  if (isNumber(group ?? '')) return { uid, gid: Number(group), home, groups: [] };
  const known = await rows(entries, 'etc/group');
  if (group) {
    const found = known.find(([name]) => name === group);
    return { uid, gid: Number(found?.[2] ?? unknown('group', group)), home, groups: [] };
  }
  const name = account?.[0];
  const lists = ([, , gid = '', members = '']: readonly string[]) =>
    name !== undefined && isNumber(gid) && members.split(',').includes(name);
  const groups = known.filter(lists).map(([, , gid]) => Number(gid));
  return { uid, gid: Number(account?.[3] ?? 0), home, groups };
}

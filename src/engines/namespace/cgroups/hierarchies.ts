import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A hierarchy of control groups that is mounted (cgroups(7)), and where mkbase is in it. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** The controllers of a hierarchy of version 1; in version 2 each group lists its own. */
  readonly controllers: readonly string[];
  /** The topmost group that can be seen; an absolute path. */
  readonly top: string;
  /** The group that mkbase is in; an absolute path. */
  readonly own: string;
}

/** Undoes the escapes of /proc/self/mountinfo (proc(5)): a space is `\040`. */
const unescaped = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );

interface Mount {
  readonly type: string;
  /** The group that the mount shows as its topmost. */
  readonly root: string;
  readonly folder: string;
  /** Words of version 1 among which are the controllers. */
  readonly options: readonly string[];
}

function mountOf(line: string): Mount {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root = '', folder = ''] = before.split(' ');
  const [type = '', , options = ''] = after.split(' ');
  return { type, root: unescaped(root), folder: unescaped(folder), options: options.split(',') };
}

/** Returns the path of a group in a mount; undefined for one that the mount does not show. */
function within({ root, folder }: Mount, group: string): string | undefined {
  if (root === '/') return resolve(folder, `.${group}`);
  const inside = group === root || group.startsWith(`${root}/`);
  return inside ? resolve(folder, `.${group.slice(root.length)}`) : undefined;
}

/** Reads hierarchies out of the texts of /proc/self/cgroup and /proc/self/mountinfo. */
export function readHierarchies(groups: string, mountInfo: string): Hierarchy[] {
  const mounts = mountInfo.split('\n').map(mountOf);
  return groups.split('\n').flatMap((line): Hierarchy[] => {
    const [, names = '', ...path] = line.split(':');
    if (path.length === 0 || path[0]?.startsWith('/..')) return [];
    const controllers = names === '' ? [] : names.split(',');
    const mount = mounts.find(({ type, options }) =>
      names === ''
        ? type === 'cgroup2'
        : type === 'cgroup' && controllers.every((each) => options.includes(each)),
    );
    const own = mount && within(mount, path.join(':'));
    if (mount === undefined || own === undefined) return [];
    return [{ version: names === '' ? 2 : 1, controllers, top: mount.folder, own }];
  });
}

/** Lists the hierarchies of this machine; none where the kernel has no control groups. */
export async function hierarchiesHere(): Promise<Hierarchy[]> {
  const read = (name: string) => readFile(`/proc/self/${name}`, 'utf8').catch(() => '');
  const [groups, mounts] = await Promise.all(['cgroup', 'mountinfo'].map(read));
  return readHierarchies(groups ?? '', mounts ?? '');
}

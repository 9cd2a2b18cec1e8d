import { databaseFolder } from '../../packages/alpm/database.ts';
import type { Traces } from '../../steps/clamp-times.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';

/** Paths that are dropped, each with the reason. */
export const traces: Traces = {
  'var/lib/pacman/sync': 'holds the databases of the build, which no mirror has',
  'var/log/pacman.log': 'says when which command ran',
  'var/cache/ldconfig/aux-cache':
    'holds inode numbers and times of libraries; ldconfig makes it anew',
  'etc/.pwd.lock': 'is the lock of a running systemd-sysusers or useradd',
  'etc/passwd-': 'is how the file was before the last package that adds a user',
  'etc/group-': 'is how the file was before the last package that adds a group',
  'etc/shadow-': 'is how the file was before the last package that adds a user',
  'etc/gshadow-': 'is how the file was before the last package that adds a group',
  'etc/machine-id': 'is random, and no two machines may have the same; the first boot makes it',
  'etc/.updated': 'says when systemd last updated /etc',
  'var/.updated': 'says when systemd last updated /var',
};

/** Tells what lies below the first of the traces. */
const isDropped = ({ path }: Entry): boolean => path.startsWith('var/lib/pacman/sync/');

const isDesc = ({ path }: Entry): boolean =>
  path.startsWith(`${databaseFolder}/`) && path.endsWith('/desc');

/**
 * Gives every record of pacman's database the epoch as the time of installation: the one thing in the
 * database that tells when a package was installed. Drops the databases that it was installed from. Seconds
 * since 1970.
 */
export async function settleDatabase(tree: readonly Entry[], epoch: number): Promise<Entry[]> {
  return Promise.all(
    tree
      .filter((entry) => !isDropped(entry))
      .map(async (entry) => {
        if (entry.type !== 'file' || !isDesc(entry)) return entry;
        const text = (await readContent(entry.content)).toString('utf8');
        const settled = text.replace(/^(%INSTALLDATE%\n)\d+$/m, `$1${epoch}`);
        const bytes = Buffer.from(settled);
        return { ...entry, size: bytes.length, content: { bytes } };
      }),
  );
}

import { toByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import { glob } from '../../rootfs/glob.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';

const day = 86_400;

/** The epoch of an image, seconds since 1970, and the folder of its database of rpm. */
export interface SettleContext {
  readonly epoch: number;
  readonly database: string;
}

/** A change to what rpm made: paths are removed with all beneath, files are emptied, a text is edited. */
type Rule = (
  | { readonly does: 'remove' }
  | { readonly does: 'empty' }
  | { readonly does: 'edit'; readonly edit: (text: string, context: SettleContext) => string }
) & {
  /** Without leading slash; `*` stands for part of a name, `**` for any number of parts. */
  readonly paths: readonly string[];
  readonly reason: string;
};

/** Gives passwords the day of the epoch as that of their last change (shadow(5)). */
const settleShadow = (text: string, { epoch }: SettleContext): string =>
  text.replace(/^([^:\n]*:[^:\n]*):[1-9]\d*:/gm, `$1:${Math.floor(epoch / day)}:`);

const remove = (reason: string, ...paths: string[]): Rule => ({ does: 'remove', paths, reason });

/**
 * Returns all changes that mkbase makes to what rpm installed. Besides, times are settled as after every step on
 * a tree, and the tree is made canonical, as every rootfs is.
 */
export const rulesFor = ({ database }: Pick<SettleContext, 'database'>): readonly Rule[] => [
  remove(
    'each of these belongs to whoever runs the image, and is mounted then',
    ...['dev/**', 'proc/**', 'sys/**'],
  ),
  remove('nothing of the build is left', 'tmp/**', 'var/tmp/**'),
  remove(
    'locks and shared memory of the run that made the database; SQLite makes them again',
    ...['rpmdb.sqlite-shm', 'rpmdb.sqlite-wal', '.rpm.lock'].map((name) => `${database}/${name}`),
  ),
  remove(
    'a cache that names the inodes and times of the machine it was made on; ldconfig makes it again',
    'var/cache/ldconfig/aux-cache',
  ),
  remove('a lock that is made again', 'etc/.pwd.lock'),
  remove(
    'what stands beside it as it was before the last change',
    ...['passwd-', 'group-', 'shadow-', 'gshadow-', 'subuid-', 'subgid-'].map(
      (name) => `etc/${name}`,
    ),
  ),
  remove("an image's runtime brings its own", 'etc/hostname', 'etc/resolv.conf'),
  {
    does: 'empty',
    paths: ['etc/machine-id'],
    reason: 'each machine makes its own; an empty file says so to systemd (machine-id(5))',
  },
  remove(
    'each machine makes its own',
    ...['var/lib/dbus/machine-id', 'var/lib/systemd/random-seed'],
  ),
  remove(
    'secrets made during a build would be the same in every container',
    ...[
      'etc/ssh/ssh_host_*_key',
      'etc/ssh/ssh_host_*_key.pub',
      'etc/pki/tls/private/localhost.key',
    ],
  ),
  remove(
    'a catalogue that differs from build to build; journalctl --update-catalog makes it again',
    'var/lib/systemd/catalog/database',
  ),
  remove(
    'dnf fetches what it needs, and tells of its own runs',
    ...['var/cache/dnf/**', 'var/cache/libdnf5/**', 'var/log/dnf*', 'var/log/hawkey.log'],
  ),
  {
    does: 'empty',
    paths: ['var/log/lastlog', 'var/log/faillog', 'var/log/wtmp', 'var/log/btmp'],
    reason: 'tells of accounts made during the build',
  },
  {
    does: 'edit',
    edit: settleShadow,
    paths: ['etc/shadow'],
    reason: 'passwords were last changed on the day of the build',
  },
];

/**
 * Refuses a write-ahead log that was not folded into the database, which then lacks packages. Throws
 * BUILD_OUTPUT.
 */
function checkLog(entries: readonly Entry[], { database }: SettleContext): void {
  const path = `${database}/rpmdb.sqlite-wal`;
  const log = entries.find((entry) => entry.path === path);
  if (log?.type !== 'file' || log.size === 0) return;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `rpm left its database unfinished: /${path} has ${log.size} bytes.`,
    hint: 'Build again; if it stays so, report it with the packages.',
  });
}

async function changed(entry: Entry, rule: Rule, context: SettleContext): Promise<Entry> {
  if (entry.type !== 'file' || rule.does === 'remove') return entry;
  const { epoch: mtime } = context;
  if (rule.does === 'empty')
    return { ...entry, size: 0, content: { bytes: Buffer.alloc(0) }, mtime };
  const text = (await readContent(entry.content)).toString('latin1');
  const edited = rule.edit(text, context);
  if (edited === text) return entry;
  const bytes = Buffer.from(edited, 'latin1');
  return { ...entry, size: bytes.length, content: { bytes }, mtime };
}

/** Applies the rules to what rpm installed; paths begin at the new root. Throws BUILD_OUTPUT. */
export async function settle(made: readonly Entry[], context: SettleContext): Promise<Entry[]> {
  checkLog(made, context);
  let entries = [...made];
  for (const rule of rulesFor(context)) {
    const matchers = rule.paths.map((path) => glob(toByteString(path)));
    const concerned = ({ path }: Entry) => matchers.some((matches) => matches(path));
    entries =
      rule.does === 'remove'
        ? entries.filter((entry) => !concerned(entry))
        : await Promise.all(
            entries.map((entry) => (concerned(entry) ? changed(entry, rule, context) : entry)),
          );
  }
  return entries;
}

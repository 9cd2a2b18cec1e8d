import type { DistributionName } from '../../../packages/deb/archive/distribution.ts';
import type { Entry } from '../../../tar/entry.ts';
import { containerFiles } from './container-files.ts';
import { settleKeystore } from './java-keystore.ts';
import { type SourcesInput, sourcesList } from './sources-list.ts';

const day = 86_400;

/**
 * Takes the day of the build out of /etc/shadow (shadow(5)): every password was last changed on the day
 * of the epoch, and an account with an empty one, which anybody could log in to, has none.
 */
function settleShadow(text: string, epoch: number): string {
  const changed = String(Math.floor(epoch / day));
  return text.replace(/^([^:\n]*):([^:\n]*):([^:\n]*):/gm, (_, name, password, last) => {
    const settled = /^[1-9]\d*$/.test(last) ? changed : last;
    return `${name}:${password || '*'}:${settled}:`;
  });
}

/** The recipe, platform and epoch that the rules are applied for. */
export interface PolicyContext extends SourcesInput {
  /** Seconds since 1970. */
  readonly epoch: number;
}

/**
 * The action of a rule on its paths: `remove` them with all beneath; `empty` files of their
 * content and set their mode, where one is given; `edit` a file's text; `write` a file, whether it is
 * there or not.
 */
export type Action =
  | { readonly remove: true }
  | { readonly empty: true; readonly mode?: number }
  | { readonly edit: (text: string, context: PolicyContext) => string }
  | {
      readonly write: (context: PolicyContext, entries: readonly Entry[]) => string;
      readonly mode: number;
    };

/** One thing that a base image does and debootstrap does not. */
export type Rule = Action & {
  /** Without leading slash; `*` stands for part of a name, `**` for any number of parts. */
  readonly paths: readonly string[];
  readonly reason: string;
  /** True where a program may miss what is removed: what still refers to it is told. */
  readonly missed?: true;
};

const remove = (reason: string, ...paths: string[]): Rule => ({ remove: true, paths, reason });
const removeMissed = (reason: string, ...paths: string[]): Rule => ({
  ...remove(reason, ...paths),
  missed: true,
});
const empty = (reason: string, ...paths: string[]): Rule => ({ empty: true, paths, reason });

/**
 * Returns all changes that mkbase makes to the tree of debootstrap and apt, in their order. A test makes
 * the comparison and finds a rule for each difference. Besides, times are settled (`settleTimes` in
 * make.ts) and the tree is made canonical, as every rootfs is.
 */
export const policyFor = (distribution: DistributionName): readonly Rule[] => [
  remove(
    'each of these belongs to whoever runs the image, and is mounted then',
    ...['dev/**', 'proc/**', 'sys/**'],
  ),
  remove('nothing of the build is left', 'tmp/**', 'var/tmp/**'),
  remove(
    'made again whenever a system starts or a program needs it (file-hierarchy(7))',
    ...['run/adduser', 'run/initctl', 'run/log', 'run/motd.dynamic', 'run/mount', 'run/shm'],
    ...['run/sendsigs.omit.d', 'run/systemd', 'run/user', 'run/utmp'],
  ),
  remove(
    "debootstrap copies these from where it runs; an image's runtime brings its own",
    ...['etc/hostname', 'etc/resolv.conf'],
  ),
  empty(
    'each machine makes its own; an empty file says so to systemd (machine-id(5))',
    'etc/machine-id',
  ),
  removeMissed(
    'each machine makes its own',
    'var/lib/dbus/machine-id',
    'var/lib/systemd/random-seed',
  ),
  removeMissed(
    'secrets made during a build would be the same in every container',
    ...['etc/ssh/ssh_host_*_key', 'etc/ssh/ssh_host_*_key.pub'],
    ...['etc/ssl/private/ssl-cert-snakeoil.key', 'etc/ssl/certs/ssl-cert-snakeoil.pem'],
  ),
  remove('tells of the build, with its times', 'var/log/**/*.log', 'var/log/apt/**'),
  empty(
    'tells of accounts made during the build, as large as the highest number among them',
    ...['var/log/faillog', 'var/log/lastlog', 'var/log/wtmp'],
  ),
  {
    empty: true,
    mode: 0o660,
    paths: ['var/log/btmp'],
    reason:
      'as base-files makes it; the systemd of xenial narrows its mode, where an engine lets it',
  },
  remove(
    'apt fetches what it needs, and makes the folders again (since 0.8)',
    ...['var/cache/apt/**', 'var/lib/apt/lists/**'],
  ),
  remove(
    'a cache that names the inodes and times of the machine it was made on; ldconfig makes it again',
    'var/cache/ldconfig/aux-cache',
  ),
  remove(
    'caches that are made again when they are missed',
    'var/cache/man/**',
    'var/cache/fontconfig/**',
  ),
  remove(
    'a catalogue that differs from build to build; journalctl --update-catalog makes it again',
    'var/lib/systemd/catalog/database',
  ),
  remove(
    'what stands beside it as it was before the last change',
    ...['etc/group-', 'etc/gshadow-', 'etc/passwd-', 'etc/shadow-', 'etc/subgid-', 'etc/subuid-'],
    ...['var/lib/dpkg/diversions-old', 'var/lib/dpkg/statoverride-old', 'var/lib/dpkg/status-old'],
    ...['var/cache/debconf/config.dat-old', 'var/cache/debconf/templates.dat-old'],
  ),
  empty("lists the build's own mirror; only dselect reads it", 'var/lib/dpkg/available'),
  {
    edit: (text, { epoch }) => settleShadow(text, epoch),
    paths: ['etc/shadow'],
    reason: 'passwords were last changed on the day of the build, and root has none',
  },
  {
    edit: (text, { epoch }) => settleKeystore(text, epoch),
    paths: ['etc/ssl/certs/java/cacerts'],
    reason: 'a keystore of Java says when each certificate came into it: at the build',
  },
  remove('stands in sources.list.d, in the form that apt prefers', 'etc/apt/sources.list'),
  {
    write: sourcesList,
    mode: 0o644,
    paths: [`etc/apt/sources.list.d/${distribution}.sources`],
    reason: "apt finds the suite's updates, too, at mirrors that do not depend on who built it",
  },
  ...containerFiles.map(
    ({ path, mode, content, reason }): Rule => ({
      write: () => content,
      mode,
      paths: [path],
      reason,
    }),
  ),
];

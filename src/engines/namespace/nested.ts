import { type IdMaps, onlyRoot, rowsOf, withinItself } from './id-maps.ts';
import { type Isolation, limited } from './isolation.ts';
import { die, newRoot, runScript } from './scripts.ts';

/**
 * Shell scripts that make a user namespace with a map of ids, whatever the age of unshare(1).
 * Constants, as those of scripts.ts, whose descriptors 6, 7, 8 and 4 they use in the same way.
 */

/**
 * Becomes the command, and leaves a process behind that maps the ids of the namespace it makes: once
 * inside, nobody can. Parameters: where pipes may appear for a moment, or nothing when they are
 * open already; the /proc that knows this process; `newidmap` or `write`; rows of uid_map and of
 * gid_map (user_namespaces(7)); then the command, which is to be \`unshare --user sh mappedScript\`.
 */
export const mapScript = `
pipe=$1 proc=$2 writer=$3 users=$4 groups=$5
shift 5
if [ -n "$pipe" ]; then
  mkfifo -m 600 "$pipe" "\${pipe}a"
  exec 5<>"$pipe" 6<"$pipe" 7>"$pipe" 5<&-
  exec 5<>"\${pipe}a" 8<"\${pipe}a" 4>"\${pipe}a" 5<&-
  rm "$pipe" "\${pipe}a"
fi
map() {
  if [ "$writer" = newidmap ]; then
    newuidmap $$ $users && newgidmap $$ $groups
  else
    printf '%s\\n' "$users" >"$proc/$$/uid_map" && printf '%s\\n' "$groups" >"$proc/$$/gid_map"
  fi
}
{
  exec 7>&- 8<&-
  if read -r unshared <&6; then
    if map; then echo mapped >&4; else echo refused >&4; fi
  fi
} </dev/null 9<&- &
exec "$@"
`;

/**
 * In the new namespace, nobody until the ids are mapped; what is then run gets all capabilities in
 * it, and for that loses the signal which ends it with its parent (prctl(2), PR_SET_PDEATHSIG).
 * Parameters: the command to become.
 */
export const mappedScript = `
${die}
echo unshared >&7
read -r answer <&8
[ "$answer" = mapped ] || die 'cannot map user and group ids'
exec setpriv --pdeathsig KILL "$@"
`;

/**
 * In a second mount namespace, which belongs to a user namespace below that of the first: nothing
 * that was mounted before can be taken away there, or be made writable (mount_namespaces(7)). Only
 * what is mounted anew can be the root. Parameters: the command to become.
 */
export const rebindScript = `
${die}
mount -c --rbind ${newRoot} ${newRoot} || die 'cannot mount the root file system again'
cd /
exec "$@"
`;

/** Every namespace but the user's, which gives the right to make the others. */
const namespaces = [
  ...['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup'],
  // A program left inside dies with the process that waits for it.
  ...['--fork', '--kill-child', '--propagation', 'private'],
];

/**
 * Makes the start of the command that prepares everything in namespaces of its own. `outer` is an
 * id as `outerId` gives it.
 */
export function outerNamespaces({ ids, pipe, idsPipe = '' }: Isolation, outer: number | undefined) {
  const identity =
    outer === undefined ? [] : [`--reuid=${outer}`, `--regid=${outer}`, '--clear-groups'];
  const unshare = ['setpriv', ...identity, '--pdeathsig', 'KILL', 'unshare', '--user'];
  if (ids === undefined) return [...unshare, '--map-root-user', ...namespaces];
  return [
    ...mapping(ids, pipe ?? idsPipe, '/proc'),
    ...unshare,
    ...runScript(mappedScript),
    ...['unshare', ...namespaces],
  ];
}

const mapping = (maps: IdMaps, pipe: string, proc: string) =>
  runScript(mapScript, pipe, proc, maps.writer, rowsOf(maps.users), rowsOf(maps.groups));

/** Tells whether a program with these capabilities has to mount devices, as it cannot make them. */
export const mayMount = (capabilities: readonly string[]) => capabilities.includes('CAP_MKNOD');

/**
 * Returns the capability to grant for one that was asked for. In a user namespace nobody can make
 * devices (mknod(2)), but those that are there can be mounted elsewhere.
 */
export const grantedFor = (capability: string): string =>
  mayMount([capability]) ? 'CAP_SYS_ADMIN' : capability;

/**
 * Makes the start of a command in a second user and mount namespace, below the first, for a program
 * that has many users or may mount. The mounts of the first are fixed there. The other namespaces
 * belong to the first, and so no right in the second is good for mounting their /proc, /sys or
 * control groups, or for changing them. And the processes of all users together are held to the
 * limit, which is otherwise one for each (setrlimit(2), RLIMIT_NPROC; since Linux 5.14 the kernel
 * counts for a namespace's maker).
 */
export function innerNamespaces(isolation: Isolation): string[] {
  const { ids, capabilities } = isolation;
  if (ids === undefined && !mayMount(capabilities)) return [];
  const maps = withinItself(ids ?? { writer: 'write', ...onlyRoot });
  return [
    ...mapping(maps, '', `${newRoot}/proc`),
    ...limited(isolation),
    ...['unshare', '--user', '--mount'],
    ...runScript(mappedScript),
    ...runScript(rebindScript),
  ];
}

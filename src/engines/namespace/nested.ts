import { mappedScript, mapScript, rebindScript } from './id-map-scripts.ts';
import { type IdMaps, onlyRoot, rowsOf, withinItself } from './id-maps.ts';
import type { Isolation } from './isolate.ts';
import { limited } from './limited.ts';
import { runScript } from './scripts.ts';

/** Every namespace there is but the user's, which gives the right to make them. */
const namespaces = [
  ...['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup'],
  // Whatever is left inside dies with the process that waits for it.
  ...['--fork', '--kill-child', '--propagation', 'private'],
];

/** The namespaces that everything is prepared in. `outer` as in outer-id.ts. */
export function outerNamespaces({ ids, pipe = '' }: Isolation, outer: number | undefined) {
  const identity =
    outer === undefined ? [] : [`--reuid=${outer}`, `--regid=${outer}`, '--clear-groups'];
  const unshare = ['setpriv', ...identity, '--pdeathsig', 'KILL', 'unshare', '--user'];
  if (ids === undefined) return [...unshare, '--map-root-user', ...namespaces];
  return [
    ...mapping(ids, pipe, '/proc'),
    ...unshare,
    ...runScript(mappedScript),
    ...['unshare', ...namespaces],
  ];
}

const mapping = (maps: IdMaps, pipe: string, proc: string) =>
  runScript(mapScript, pipe, proc, maps.writer, rowsOf(maps.users), rowsOf(maps.groups));

const mayMount = (capabilities: readonly string[]) => capabilities.includes('CAP_MKNOD');

/**
 * What a capability is granted as. In a user namespace nobody can make devices (mknod(2)), but
 * those that are there can be mounted elsewhere.
 */
export const grantedFor = (capability: string): string =>
  mayMount([capability]) ? 'CAP_SYS_ADMIN' : capability;

/**
 * A second user and mount namespace, below the first, for a program that has many users or may mount.
 * What the first has mounted is fixed there. The other namespaces belong to the first, and so
 * no right in the second is good for mounting their /proc, /sys or control groups, or for changing
 * them. And the processes of all users together are held to the limit, which is otherwise one for
 * each (setrlimit(2), RLIMIT_NPROC; since Linux 5.14 the kernel counts for a namespace's maker).
 */
export function innerNamespaces(isolation: Isolation): string[] {
  const { ids, capabilities } = isolation;
  if (ids === undefined && !mayMount(capabilities)) return [];
  const maps = withinItself(ids ?? { writer: 'write', ...onlyRoot });
  return [
    ...mapping(maps, '', '/tmp/proc'),
    ...limited(isolation),
    ...['unshare', '--user', '--mount'],
    ...runScript(mappedScript),
    ...runScript(rebindScript),
  ];
}

import { type EngineName, engineName } from '../../engines/engine.ts';

/** A change to the world around a build, for one rebuild. */
export interface Variation {
  /** Continues `a rebuild …`. */
  readonly how: string;
  /** The reason why a digest might depend on it. */
  readonly reason: string;
  /** Words that are put before the command. */
  readonly wrap?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Another engine than the one asked for. */
  readonly engine?: EngineName;
  /** Builds with an empty cache; needs the network, or a bundle of inputs. */
  readonly coldStore?: true;
  /** Has the tree made by another of the kind's makers. */
  readonly otherMaker?: true;
  /** Builds in a folder of another name and depth. */
  readonly otherFolder?: true;
  /** Builds as user nobody, with a home and a cache that are theirs. */
  readonly otherUser?: true;
  readonly rootOnly?: true;
}

const inShell = (first: string): string[] => ['sh', '-c', `${first}; exec "$@"`, 'sh'];

/**
 * The variations of reprotest (reprotest(1), --variations) that one machine can make, and mkbase's own.
 * The command of `wrap` has to be installed; the check is skipped where it is not.
 */
export const variations: readonly Variation[] = [
  {
    how: 'with strange environment variables',
    reason: 'What prints or sorts its environment would show it.',
    env: { CAPTURE_ENVIRONMENT: 'I capture the environment', USER: 'somebody', LOGNAME: 'else' },
  },
  {
    how: 'with a home folder that is not there',
    reason: 'Settings in it, or its path, could get into a file.',
    env: { HOME: '/nonexistent/second-build' },
  },
  {
    how: 'twelve hours behind (TZ=GMT+12)',
    reason: 'A local time is another, and often another day.',
    env: { TZ: 'GMT+12' },
  },
  {
    how: 'fourteen hours ahead (TZ=GMT-14)',
    reason: 'The same, on the other side.',
    env: { TZ: 'GMT-14' },
  },
  {
    how: 'in Estonian (et_EE.UTF-8)',
    reason: 'Messages, numbers and sort order differ: Estonian has z before t.',
    env: { LANG: 'et_EE.UTF-8', LC_ALL: 'et_EE.UTF-8', LANGUAGE: 'et' },
  },
  {
    how: 'with umask 0002',
    reason: 'Files are made that others of the group may write.',
    wrap: inShell('umask 0002'),
  },
  {
    how: 'in another folder',
    reason: 'Paths get into debug information and archives.',
    otherFolder: true,
  },
  {
    how: 'on one core',
    reason: 'What runs side by side ends in another order.',
    wrap: ['taskset', '--cpu-list', '0'],
  },
  {
    how: 'without address space randomisation',
    reason: 'Tables of pointers are walked in another order.',
    wrap: ['setarch', '--addr-no-randomize'],
  },
  {
    how: 'on a kernel that calls itself 2.6',
    reason: 'uname(2) gets into files, and configure scripts look at it.',
    wrap: ['setarch', '--uname-2.6'],
  },
  {
    how: 'on a host of another name',
    reason: 'Build logs and certificates like to hold it.',
    wrap: ['unshare', '--uts', ...inShell('hostname some-other-host')],
    rootOnly: true,
  },
  {
    how: '540 days ago',
    reason: 'The clock gets into times, versions and certificates.',
    wrap: ['faketime', '-f', '-540d'],
  },
  {
    how: '540 days ahead',
    reason: 'The same, and some things have expired by then.',
    wrap: ['faketime', '-f', '+540d'],
  },
  {
    how: 'with docker',
    reason: 'Another engine has another storage driver and other limits.',
    engine: engineName.docker,
  },
  { how: 'with podman', reason: 'The same.', engine: 'podman' },
  { how: 'without a daemon', reason: 'The same.', engine: 'namespace' },
  {
    how: 'with the other maker',
    reason: 'Two programs that unpack and configure packages must come to one tree.',
    otherMaker: true,
  },
  {
    how: 'with an empty store',
    reason: 'Every input is fetched and every builder made anew.',
    coldStore: true,
  },
  {
    how: 'as user nobody, without a daemon',
    reason: 'Owners, permissions and what only root may do differ.',
    wrap: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'],
    engine: 'namespace',
    coldStore: true,
    otherUser: true,
    rootOnly: true,
  },
];

import { constants, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';

/** The system that mkbase runs on, as far as systems differ for it. Containers run Linux on all of them. */
export interface Host {
  /** For people: `Linux`, `macOS`, `Windows`. */
  readonly system: string;
  /** Namespaces, control groups and a /proc of processes and open files (proc(5)). */
  readonly isLinux: boolean;
  /** Files have an owner, and bits that say who may read, write and run them. */
  readonly hasModes: boolean;
  /** A folder can be opened, to be flushed to the disk for instance. */
  readonly opensFolders: boolean;
  /** A file that somebody reads can be renamed, replaced and removed. */
  readonly replacesOpenFiles: boolean;
  /** Separates the parts of a path. */
  readonly separator: '/' | '\\';
  /** Endings of programs that PATH finds without them, and none. */
  readonly programEndings: readonly string[];
}

const names: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Linux',
  darwin: 'macOS',
  win32: 'Windows',
};

/** Describes a system by Node's name of it. */
export function hostOf(platform: NodeJS.Platform): Host {
  const isWindows = platform === 'win32';
  return {
    system: names[platform] ?? platform,
    isLinux: platform === 'linux',
    hasModes: !isWindows,
    opensFolders: !isWindows,
    replacesOpenFiles: !isWindows,
    separator: isWindows ? '\\' : '/',
    programEndings: isWindows ? ['', '.exe', '.com'] : [''],
  };
}

/** The system that this process runs on. */
export const host: Host = hostOf(process.platform);

/** Returns a system and its processor in the words of Go and OCI: `windows/amd64`. */
export const hostName = (
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string => `${platform === 'win32' ? 'windows' : platform}/${arch === 'x64' ? 'amd64' : arch}`;

/**
 * Flags of open(2); 0 where a system has no such flag. `notWaiting`: a named pipe without a writer is opened at
 * once. `notLink`: a symbolic link is refused (ELOOP).
 */
export const openFlags = {
  notWaiting: constants.O_NONBLOCK ?? 0,
  notLink: constants.O_NOFOLLOW ?? 0,
  folder: constants.O_DIRECTORY ?? 0,
} as const;

/** Returns the id of the user of this process; undefined where users have none. */
export const ownUser = (): number | undefined => process.getuid?.();

/** Tells whether others than a file's owner may write it, as far as its bits say. */
export const othersMayWrite = ({ mode }: Pick<Stats, 'mode'>, { hasModes }: Host = host): boolean =>
  hasModes && (mode & 0o022) !== 0;

/** Returns a path with slashes, as recipes, evidence and archives write it. */
export const withSlashes = (path: string, separator: string = sep): string =>
  separator === '/' ? path : path.replaceAll(separator, '/');

/** Returns the home folder of the user as docker's CLI finds it (docker/pkg/homedir). */
export function homeFolder(
  env: Readonly<Record<string, string | undefined>>,
  { separator }: Host = host,
): string {
  return (separator === '\\' ? env.USERPROFILE : env.HOME) || homedir();
}

/** Returns the folder in which docker's CLI keeps what is a user's own. */
export const dockerFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  env.DOCKER_CONFIG || join(homeFolder(env), '.docker');

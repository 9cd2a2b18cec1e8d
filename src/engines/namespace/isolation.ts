import type { IdMaps } from './id-maps.ts';

/** A program and the walls that are put around it. */
export interface Isolation {
  /** The folder that holds the root file system, which is called as `treeFolder` says; absolute. */
  readonly folder: string;
  /**
   * `step`: read-only but for the writable folders; `tree`: a copy in memory; `image`: as writable as a
   * container's.
   */
  readonly kind: 'step' | 'tree' | 'image';
  /**
   * The place that an image writes to: `memory`, or its run fails as `cannotLayer` says; `disk`, the
   * folder itself, which is this run's alone; `either`, memory where that can be. `memory` for all others.
   */
  readonly writesTo: 'memory' | 'disk' | 'either';
  /** Bytes in memory file systems. */
  readonly memoryFolderBytes: number;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Working folder inside. */
  readonly cwd: string;
  readonly argv: readonly string[];
  /** The user and groups that it runs as inside, when not root. */
  readonly user?: {
    readonly uid: number;
    readonly gid: number;
    readonly groups: readonly number[];
  };
  readonly capabilities: readonly string[];
  /** The user and group ids there are inside; undefined: root alone. */
  readonly ids?: IdMaps;
  /** Another path as of `pipe`, for those who give the ids where there is no `pipe`. */
  readonly idsPipe?: string;
  readonly limits: { readonly memoryBytes: number; readonly processes: number };
  /** Folders of the control group that it is put into, one in each hierarchy; none: in mkbase's. */
  readonly groups: readonly string[];
  /** The kernel is known to filter system calls: where it then does not, nothing is started. */
  readonly filters: boolean;
  /**
   * The path at which the ends of pipes may appear for a moment (scripts.ts). Undefined for a
   * program that a person talks to, which keeps mkbase's own streams and stays in the terminal's
   * session.
   */
  readonly pipe: string | undefined;
  /** The program that whoever enters a step finds; undefined for one that nobody can enter (door.ts). */
  readonly door?: readonly string[];
}

/** The processes that the namespaces' own shells count for. */
const ownProcesses = 4;

/**
 * Makes the start of a command that limits the memory of one process (data, since address space is
 * reserved far beyond use by sanitizers and runtimes alike) and the number of processes, which the
 * kernel counts per user namespace. What processes share is counted by a control group alone.
 */
export function limited({ limits }: Pick<Isolation, 'limits'>): string[] {
  const { memoryBytes, processes } = limits;
  return ['prlimit', '--core=0', `--data=${memoryBytes}`, `--nproc=${processes + ownProcesses}`];
}

import type { PlatformName } from '../base/platform.ts';
import type { Hold } from './hold.ts';

/** The most that a builder may use up. */
export interface Limits {
  /** Memory, and what is written to `writableFolders`, which are in memory. */
  readonly memoryBytes: number;
  readonly processes: number;
  readonly seconds: number;
  /** Most bytes that may come out on stdout. */
  readonly outputBytes: number;
}

/** A builder rootfs, named by what it was made from. */
export interface ToolchainRef {
  readonly name: string;
  readonly platform: PlatformName;
  /** sha256 (64 hexadecimal digits) over everything the rootfs is computed from. */
  readonly key: string;
}

/**
 * The folders that a step can write to; the rest of the toolchain is read-only. They are empty
 * memory file systems on every engine, so that neither speed, size nor the order in which a
 * directory is read depends on the engine's storage, and nothing is left behind.
 */
export const writableFolders = ['/build', '/run', '/tmp', '/var/tmp'] as const;

/** Set on every engine, since container runtimes insist on setting them; `Step.env` wins. */
export const baseEnvironment: Readonly<Record<string, string>> = {
  HOME: '/build',
  HOSTNAME: 'mkbase',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};

/**
 * The capabilities of a step that makes or changes a whole root file system: to give files to any
 * owner with any mode and file capabilities, to work in a chroot with its devices, as its users,
 * and to end what it started. It is what docker grants by default, less what has to do with a
 * network. AUDIT_WRITE is for PAM, which fails for root where that is refused. Nobody may make
 * device nodes in a user namespace, so CAP_MKNOD is there the right to bind-mount those of /dev
 * (steps/devices.ts does whichever is possible). A step with a root of its own does
 * without it (treeCapabilities). No step can mount /proc.
 */
export const rootfsCapabilities = [
  'CAP_AUDIT_WRITE',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_MKNOD',
  'CAP_SETFCAP',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SYS_CHROOT',
] as const;

/**
 * The capabilities of a step whose root is its own (Step.root): those of a step on a root file system
 * but CAP_MKNOD, since the engine gives it a /dev.
 */
export const treeCapabilities: readonly string[] = rootfsCapabilities.filter(
  (name) => name !== 'CAP_MKNOD',
);

/** The number of users and groups of a step with a range of ids: 0 to 65534, the last being nobody. */
export const idCount = 65535;

/** The first error of a log, and what to do. */
export interface Diagnosed {
  readonly before: readonly string[];
  readonly line: string;
  readonly after: readonly string[];
  /** The number of lines that came after the error. */
  readonly since: number;
  readonly hint?: string;
}

/** Reads the log of a step line by line, to tell why it failed. */
export interface Diagnosis {
  take(line: string): void;
  /** Undefined where no line looks like an error. */
  read(): Promise<Diagnosed | undefined>;
}

/**
 * One run of a builder: one tar in on stdin, one tar out on stdout, logs on stderr, no network,
 * no bind mounts, nothing of the host.
 */
export interface Step {
  readonly toolchain: ToolchainRef;
  readonly argv: readonly [string, ...string[]];
  /** The whole environment besides `baseEnvironment`; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** Capabilities beyond none, for instance `CAP_CHOWN`. */
  readonly capabilities: readonly string[];
  /**
   * The user and group ids that files can be given to and programs can run as: `root` (the default),
   * 0 alone; `range`, the first `idCount`. More of them are there on some engines only. An ordinary
   * user's namespace engine takes a range from /etc/subuid and /etc/subgid; without one,
   * ENGINE_FAILED says what to do.
   */
  readonly ids?: 'root' | 'range';
  /**
   * The root that the step has: `builder` (the default), read-only but for `writableFolders`; `own`, a
   * copy of the builder that it may change and remove, up to `memoryBytes`, with /dev, /proc, /sys and
   * the files of a network in /etc as any container has them, and without those folders. An engine may
   * keep it on disk.
   */
  readonly root?: 'builder' | 'own';
  readonly input: AsyncIterable<Uint8Array>;
  /** Asked for the error, should the step fail; left out where the end of its log says enough. */
  readonly diagnosis?: Diagnosis;
  /** Makes the step one that may stop (hold.ts) and is then entered by a person. */
  readonly hold?: Hold;
  /** Told the exit code of a step's program that is not 0, which is then no failure. */
  readonly ended?: (exitCode: number) => void;
}

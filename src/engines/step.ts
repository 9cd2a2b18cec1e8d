import type { PlatformName } from '../platform.ts';

/** What a builder may use up. */
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
 * Where a step can write; the rest of the toolchain is read-only. They are empty memory file systems
 * on every engine, so that neither speed, size nor the order in which a directory is read depends on
 * the engine's storage, and nothing is left behind.
 */
export const writableFolders = ['/build', '/run', '/tmp', '/var/tmp'] as const;

/** Set on every engine, since container runtimes insist on setting them; `Step.env` wins. */
export const baseEnvironment: Readonly<Record<string, string>> = {
  HOME: '/build',
  HOSTNAME: 'mkbase',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};

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
  readonly input: AsyncIterable<Uint8Array>;
}

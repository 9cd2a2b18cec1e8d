import type { PlatformName } from '../platform.ts';

/** What a builder may use up. */
export interface Limits {
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
 * One run of a builder: one tar in on stdin, one tar out on stdout, logs on stderr, no network,
 * no bind mounts, nothing of the host.
 */
export interface Step {
  readonly toolchain: ToolchainRef;
  readonly argv: readonly [string, ...string[]];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** Capabilities beyond none, for instance `CAP_CHOWN`. */
  readonly capabilities: readonly string[];
  readonly input: AsyncIterable<Uint8Array>;
}

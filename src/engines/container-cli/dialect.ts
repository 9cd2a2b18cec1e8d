import type { PlatformName } from '../../base/platform.ts';
import type { EngineName } from '../engine.ts';

/** Where the command lines of docker and podman differ. */
export interface Dialect {
  readonly name: Exclude<EngineName, 'namespace'>;
  /** Options of every `run`, beyond those that both share. */
  readonly runOptions: readonly string[];
  /** Options of `run` for a step, beyond those. */
  readonly stepOptions: readonly string[];
  /** Options of `--tmpfs` beyond those that both share. */
  readonly tmpfsOptions: readonly string[];
  /** Whether `run --init` can be relied on. */
  readonly init: boolean;
  /** What kills a container that may only just be starting; a container's name follows. */
  readonly killArguments: readonly string[];
  /** What removes a container, at once and whatever its state; a container's name follows. */
  readonly removeArguments: readonly string[];
  /** What takes a tag off an image; the reference follows. */
  readonly untagArguments: readonly string[];
  readonly importInstructions: ReadonlySet<string>;
  readonly importQuoting: 'escaped' | 'literal';
  importOptions(platform: PlatformName): readonly string[];
  /** What stderr says when an image is not there. */
  readonly noSuchImage: RegExp;
  /** What stderr says when, while it looked, somebody was storing or removing another image. */
  readonly halfStored?: RegExp;
}

/** What the engine behind a CLI is and can do. */
export interface EngineFacts {
  /** For people, for instance `docker 28.2.2 (context default)`. */
  readonly description: string;
  readonly platform: PlatformName | undefined;
  readonly limitsMemory: boolean;
  readonly limitsProcesses: boolean;
  /** Its containers run in a user namespace, where nobody can make device nodes (mknod(2)). */
  readonly inUserNamespace: boolean;
}

import { type HostPlatformName, type PlatformName, platforms } from '../../base/platform.ts';
import type { EngineName } from '../engine.ts';
import { engineName } from '../engine.ts';

/** The differences between the command lines of docker and podman. */
export interface Dialect {
  readonly name: Exclude<EngineName, 'namespace'>;
  /** Options of every `run`, beyond those that both share. */
  readonly runOptions: readonly string[];
  /** Options of `run` for a step, beyond those. */
  readonly stepOptions: readonly string[];
  /** Options of `run` that leave a step only its memory file systems to write to. */
  readonly readOnlyOptions: readonly string[];
  /** Options of `--tmpfs` beyond those that both share. */
  readonly tmpfsOptions: readonly string[];
  /** `run --init` can be relied on. */
  readonly init: boolean;
  /** Kills a container that may only just be starting; a container's name follows. */
  readonly killArguments: readonly string[];
  /** Removes a container, at once and in any state; a container's name follows. */
  readonly removeArguments: readonly string[];
  /** Takes one tag off an image. */
  untagArguments(reference: string): readonly string[];
  readonly importInstructions: ReadonlySet<string>;
  readonly importQuoting: 'escaped' | 'literal';
  importOptions(platform: PlatformName): readonly string[];
  /**
   * The digests of layers in an image's description are those of the bytes that it runs. podman believes
   * the config of an OCI archive that is loaded (4.3.1).
   */
  readonly checksLayers: boolean;
  /** A container that ended is removed by mkbase: its end is told before it is removed. */
  readonly removesLater: boolean;
  /** A container begins sooner in a tree that is an image than it unpacks one. */
  readonly beginsInTrees: boolean;
  /** Matches the stderr about an image that is not there. */
  readonly noSuchImage: RegExp;
  /** Matches the stderr of a look-up while somebody was storing or removing another image. */
  readonly halfStored?: RegExp;
}

/** The engine behind a CLI, and the limits and walls that it can set. */
export interface EngineFacts {
  /** For people, for instance `docker 28.2.2 (context default)`. */
  readonly description: string;
  /** The platform of the machine that its containers run on. */
  readonly platform: HostPlatformName;
  readonly limitsMemory: boolean;
  readonly limitsProcesses: boolean;
  /** It takes a profile of system calls; else its own holds, if it has one. */
  readonly filtersCalls: boolean;
  /** Its containers run in a user namespace, where nobody can make device nodes (mknod(2)). */
  readonly inUserNamespace: boolean;
}

/** Docker, as of Engine 20.10: the first whose `run` knows `--pull never`. */
export const docker: Dialect = {
  name: engineName.docker,
  runOptions: [],
  stepOptions: [],
  readOnlyOptions: ['--read-only'],
  tmpfsOptions: [],
  init: true,
  killArguments: ['rm', '--force'],
  removeArguments: ['rm', '--force'],
  untagArguments: (reference) => ['image', 'rm', '--no-prune', reference],
  importInstructions: new Set([
    'CMD',
    'ENTRYPOINT',
    'ENV',
    'EXPOSE',
    'HEALTHCHECK',
    'LABEL',
    'ONBUILD',
    'STOPSIGNAL',
    'USER',
    'VOLUME',
    'WORKDIR',
  ]),
  importQuoting: 'escaped',
  importOptions: (platform) => ['--platform', platforms[platform].name],
  checksLayers: true,
  removesLater: true,
  beginsInTrees: true,
  noSuchImage: /no such image|no such object/i,
};

/** podman, as of 4.3. */
export const podman: Dialect = {
  name: 'podman',
  // podman hands the host's proxy variables, which may hold passwords, to every container.
  runOptions: ['--http-proxy=false'],
  // Else podman adds variables.
  stepOptions: ['--unsetenv-all'],
  // Else podman lays file systems of its own over /tmp, /run and /var/tmp.
  readOnlyOptions: ['--read-only', '--read-only-tmpfs=false'],
  // A tmpfs starts with a copy of what the image has there, and is owned like it.
  tmpfsOptions: ['notmpcopyup'],
  // Its init is a package of its own (catatonit), which is often not there.
  init: false,
  // `rm --force` of a container that is just starting forgets it and leaves it running (4.3.1);
  // `kill` refuses until it runs, and `run --rm` then removes it.
  killArguments: ['kill'],
  removeArguments: ['rm', '--force', '--time', '0'],
  // An image that is named alone loses all its tags.
  untagArguments: (reference) => ['untag', reference, reference],
  importInstructions: new Set([
    'CMD',
    'ENTRYPOINT',
    'ENV',
    'EXPOSE',
    'LABEL',
    'STOPSIGNAL',
    'USER',
    'VOLUME',
    'WORKDIR',
  ]),
  importQuoting: 'literal',
  importOptions: (platform) => {
    const { ociArchitecture, ociVariant } = platforms[platform];
    const variant = ociVariant === undefined ? [] : ['--variant', ociVariant];
    return ['--quiet', '--os', 'linux', '--arch', ociArchitecture, ...variant];
  },
  checksLayers: false,
  // Nothing that a container writes is flushed where `run` itself removes it.
  removesLater: false,
  beginsInTrees: false,
  noSuchImage: /image not known|no such image/i,
  halfStored: /locating item named "manifest"|layer not known/i,
};

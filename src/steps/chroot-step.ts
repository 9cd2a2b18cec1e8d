import { join, posix } from 'node:path';
import { toByteString } from '../base/byte-string.ts';
import type { Io } from '../base/events.ts';
import { type Diagnosis, type Limits, rootfsCapabilities } from '../engines/step.ts';
import type { Entry } from '../tar/entry.ts';
import { spoolTar } from '../tar/read.ts';
import { writeTar } from '../tar/write.ts';
import type { StepContext } from './builder.ts';
import { clampTimes, clockFile, type Traces } from './clamp-times.ts';
import { chrootDevices } from './devices.ts';
import { quoteWord } from './shell-script.ts';

/**
 * The most that one step of a build may use up: far beyond the needs of compilers and
 * distributions.
 */
export const buildLimits: Limits = {
  memoryBytes: 4 * 1024 ** 3,
  processes: 2048,
  seconds: 60 * 60,
  outputBytes: 2 * 1024 ** 3,
};

/** Work on a whole root filesystem: a tree in, the changed tree out. */
export interface ChrootWork {
  /** The tree that the builder finds at /build/rootfs; empty for one that the script makes. */
  readonly rootfs: readonly Entry[];
  /** More files that it finds in /build. */
  readonly beside?: readonly Entry[];
  /**
   * POSIX shell, run in /build with `set -eu`, its output being log. It can call `in_rootfs ARGV…`,
   * which runs a command in /build/rootfs with nothing but `env`; /dev is there for it. The command is told
   * first: as `told` where that is set, else by its words.
   */
  readonly script: string;
  /** Seconds since 1970; takes the place of every time that shows when the step ran. */
  readonly epoch: number;
  /** Files that the script leaves which are no part of the tree. */
  readonly traces?: Traces;
  /** The environment of what runs in the rootfs. */
  readonly env: Readonly<Record<string, string>>;
  /** Asked for the first error, should the script fail. */
  readonly diagnosis?: Diagnosis;
  /** One word for the work, for messages and for the name of the file that holds the tree. */
  readonly name: string;
}

/**
 * Takes only the extended attributes that are part of a file's meaning everywhere: a label that the
 * host's security module puts on each file (security.selinux) is none.
 */
const attributes = ["--xattrs --xattrs-include='security.capability' --xattrs-include='user.*'"];

const unpack = ['tar -xpf - --same-owner --numeric-owner', ...attributes].join(' ');
const pack = ['tar -cf - --sort=name --numeric-owner', ...attributes, '.'].join(' ');

/** The folder of the builder in which the tree stands. */
const treePath = '/build/rootfs';

// A constant: what varies is in the files of the tar that it reads.
const driver = [
  'umask 022',
  'cd /build',
  unpack,
  'sh ./step.sh </dev/null >&2',
  `cd ${treePath}`,
  `exec ${pack}`,
].join(' && ');

const assignments = (env: Readonly<Record<string, string>>) =>
  Object.entries(env)
    .map(([name, value]) => quoteWord(`${name}=${value}`))
    .join(' ');

/** Makes the environment of every command in a rootfs, the same on every host. */
export const chrootEnvironment = (epoch: number): Readonly<Record<string, string>> => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  TMPDIR: '/tmp',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  SOURCE_DATE_EPOCH: String(epoch),
});

const scriptOf = ({ script, env }: ChrootWork): string => `set -eu
${chrootDevices}
in_rootfs() {
  printf '%s\n' "\${told:-+ $*}"
  env -i ${assignments(env)} chroot ${treePath} "$@"
}
mkdir -p ${treePath}
make_devices ${treePath}
date +%s >clock
${script}
date +%s >>clock
mv clock ${treePath}/${clockFile}
remove_devices ${treePath}
`;

const plainFile = (path: string, text: string): Entry => {
  const bytes = Buffer.from(text);
  return {
    type: 'file',
    path: toByteString(path),
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    xattrs: [],
    size: bytes.length,
    content: { bytes },
  };
};

/** Moves a tree one folder further down. */
export function below(folder: string, entries: readonly Entry[]): Entry[] {
  const moved = (path: Entry['path']) => toByteString(`${folder}/`).concat(path) as Entry['path'];
  return entries.map((entry) => ({
    ...entry,
    path: moved(entry.path),
    ...(entry.type === 'hardlink' && { target: moved(entry.target) }),
  })) as Entry[];
}

/**
 * Runs a script over a root filesystem in the recipe's builder, without network, as the users that
 * own its files. Resolves to the whole tree as it is then, without the times that show when that
 * was. Errors as Engine.runStep.
 */
export async function chrootStep(
  work: ChrootWork,
  { engine, builder, folder }: StepContext,
  io: Io,
): Promise<Entry[]> {
  const input = [
    plainFile('step.sh', scriptOf(work)),
    ...below(posix.basename(treePath), work.rootfs),
    ...(work.beside ?? []),
  ];
  const step = {
    toolchain: builder.reference,
    argv: ['/bin/sh', '-euc', driver],
    env: {},
    limits: buildLimits,
    capabilities: rootfsCapabilities,
    ids: 'range',
    input: writeTar(input, { reuseMemory: true }),
    ...(work.diagnosis && { diagnosis: work.diagnosis }),
  } as const;
  const file = join(folder, `rootfs-${work.name}.tar`);
  const source = `what came out of ${work.name} in the builder`;
  const tree = await engine.runStep(step, (stdout) => spoolTar(stdout, file, { source }), io);
  const { rootfs: before, traces = {}, epoch } = work;
  return clampTimes(tree, { before, traces, epoch });
}

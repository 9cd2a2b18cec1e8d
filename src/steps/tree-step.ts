import { toByteString } from '../base/byte-string.ts';
import { digestOf } from '../base/canonical-json.ts';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type Diagnosis, type Limits, treeCapabilities } from '../engines/step.ts';
import type { Entry } from '../tar/entry.ts';
import { rootFile } from '../tar/root-entry.ts';
import { writeTar } from '../tar/write.ts';
import { begunStep } from './begun-step.ts';
import type { StepContext } from './builder.ts';
import { clampTimes, type Traces } from './clamp-times.ts';
import { checkLeft, isMounted, joinTree, mountedEntries, partTree } from './mounted-paths.ts';
import { assignments } from './shell-script.ts';
import { ownFolder, toolFunction, treeDriver } from './tree-driver.ts';
import { treeShell } from './tree-shell.ts';
import type { MadeTree, NamedTree, Work } from './work.ts';

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
export interface TreeWork {
  /** The tree that the step has as its root; empty for one that the script makes. */
  readonly rootfs: NamedTree;
  /** True for a rootfs that many steps are given: an engine may hold it for them. */
  readonly isShared?: boolean;
  /** Called before the step is started; throws where there will be no tree for it. */
  readonly check?: () => Promise<void>;
  /** Programs in /usr/bin of the builder that the script calls as `tool NAME` besides the usual ones. */
  readonly programs?: readonly string[];
  /** Folders of the builder, as absolute paths, that the script finds below `$own`, by the same paths. */
  readonly builderFolders?: readonly string[];
  /** More files that the script finds, in `besidePath`. */
  readonly beside?: NamedTree;
  /**
   * POSIX shell, run with `set -eu` in the root of the tree, its output being log. It can call
   * `in_rootfs ARGV…`, which runs a command of the tree with nothing but `env`, and `tool ARGV…`, which
   * runs one of the step's own. /dev, /proc and /sys are a container's. A command is told first: as `told`
   * where that is set, else by its words.
   */
  readonly script: string;
  /** Seconds since 1970; takes the place of every time that shows when the step ran. */
  readonly epoch: number;
  /** `epoch` gives every folder that time, too: its own tells in which order files were made in it. */
  readonly folders?: 'epoch';
  /** Files that the script leaves which are no part of the tree. */
  readonly traces?: Traces;
  /** The environment of what runs in the rootfs. */
  readonly env: Readonly<Record<string, string>>;
  /** Asked for the first error, should the script fail. */
  readonly diagnosis?: Diagnosis;
  /** One word for the work, for people. */
  readonly name: string;
}

/** The folder in which a step finds the files beside its tree. */
export const besidePath = `/${ownFolder}/beside`;

/** Makes the environment of every command in a rootfs, the same on every host. */
export const treeEnvironment = (epoch: number): Readonly<Record<string, string>> => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  TMPDIR: '/tmp',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  SOURCE_DATE_EPOCH: String(epoch),
});

const scriptOf = ({ script, env }: TreeWork): string => `set -eu
${toolFunction}
in_rootfs() {
  printf '%s\n' "\${told:-+ $*}"
  tool env -i ${assignments(env)} "$@"
}
${script}
`;

/** Moves a tree one folder further down. */
export function below(folder: string, entries: readonly Entry[]): Entry[] {
  const moved = (path: Entry['path']) => toByteString(`${folder}/`).concat(path) as Entry['path'];
  return entries.map((entry) => ({
    ...entry,
    path: moved(entry.path),
    ...(entry.type === 'hardlink' && { target: moved(entry.target) }),
  })) as Entry[];
}

const isOwn = (path: string) => path === ownFolder || path.startsWith(`${ownFolder}/`);

/** Refuses a tree that has something where a step keeps its own: ROOTFS_REFUSED. */
function checkOwnFolder(tree: readonly Entry[]): void {
  if (!tree.some(({ path }) => isOwn(path))) return;
  throw new MkbaseError({
    code: 'ROOTFS_REFUSED',
    message: `The root filesystem has /${ownFolder}, where a step keeps its own tools.`,
    hint: 'Choose another name for it.',
  });
}

/** Version of what a step on a tree does beside its script, and of how its result is settled. */
const version = 1;

/**
 * Returns the archive that a step is sent: the files that it reads, and of the tree that it can have the paths
 * that are asked for.
 */
async function sentBytes(work: TreeWork, isSent: (path: string) => boolean = () => true) {
  const { inside, outside } = partTree(await checkedRootfs(work));
  const beside = (await work.beside?.entries()) ?? [];
  const entries = [
    rootFile(`${ownFolder}/step.sh`, scriptOf(work)),
    ...mountedEntries(outside, `${ownFolder}/mounted`),
    ...below(besidePath.slice(1), beside),
    ...inside.filter(({ path }) => isSent(path)),
  ];
  return writeTar(entries, { reuseMemory: true });
}

async function checkedRootfs({ rootfs }: TreeWork): Promise<readonly Entry[]> {
  const tree = await rootfs.entries();
  checkOwnFolder(tree);
  return tree;
}

/** Names what a step is sent by what that is put together from, so that a tree need not be read for it. */
const inputDigest = async (work: TreeWork): Promise<string> =>
  digestOf({
    script: scriptOf(work),
    rootfs: await work.rootfs.digest(),
    beside: (await work.beside?.digest()) ?? null,
  });

const withFolderTimes = (entries: readonly Entry[], mtime: number): Entry[] =>
  entries.map((entry) => (entry.type === 'directory' ? { ...entry, mtime } : entry));

/** Describes the work on a tree. */
export function treeWork(work: TreeWork): Work {
  const {
    rootfs,
    traces = {},
    epoch,
    name,
    diagnosis,
    folders = 'own',
    programs = [],
    builderFolders = [],
    check,
    isShared = false,
  } = work;
  return {
    does: name,
    version,
    step: {
      argv: ['/bin/sh', '-euc', treeDriver, 'sh', ...programs, ...builderFolders],
      env: {},
      limits: buildLimits,
      capabilities: treeCapabilities,
      ids: 'range',
      root: 'own',
      ...(diagnosis && { diagnosis }),
    },
    shell: treeShell(work.env),
    input: {
      digest: () => inputDigest(work),
      bytes: () => sentBytes(work),
    },
    ...(check && { check }),
    ...(isShared && {
      begun: begunStep({
        rootfs,
        programs: [...programs, ...builderFolders],
        send: (isSent) => sentBytes(work, isSent),
      }),
    }),
    settledBy: { traces, epoch, folders },
    output: `what came out of ${name} in the builder`,
    settle: async (sent) => {
      const before = await work.rootfs.entries();
      checkLeft(sent);
      const left = sent.filter(({ path }) => !isOwn(path) && !isMounted(path));
      const clamped = await clampTimes(left, { before, traces, epoch });
      const entries = joinTree(clamped, partTree(before), epoch);
      return { entries: folders === 'own' ? entries : withFolderTimes(entries, epoch) };
    },
  };
}

/**
 * Runs a script with a root filesystem as its root, beside the tools of the recipe's builder, without
 * network, as the users that own its files. Resolves to the whole tree as it is then, without the
 * times that show when that was; what the engine mounts is as it was before. Errors as
 * Engine.runStep, and those of joinTree.
 */
export const treeStep = (work: TreeWork, { make }: StepContext, io: Io): Promise<MadeTree> =>
  make(treeWork(work), io);

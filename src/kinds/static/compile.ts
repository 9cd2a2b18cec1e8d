import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Event, Io } from '../../base/events.ts';
import { type HashedStream, hashedStream } from '../../base/hash.ts';
import { compilerOf } from '../../recipe/recipe.ts';
import { sourceTree } from '../../rootfs/source-tree.ts';
import type { StepContext } from '../../steps/builder.ts';
import { diagnose } from '../../steps/failure/diagnose.ts';
import { fileBeside } from '../../steps/failure/file-beside.ts';
import { buildLimits } from '../../steps/tree-step.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import { writeTar } from '../../tar/write.ts';
import type { Pinned } from '../contract.ts';
import { debianChanges } from './debian-changes.ts';
import { linker, linkerFolder } from './link/link-record.ts';
import { linkWarnings, localeFunctions, warnedFunction } from './link/link-warnings.ts';
import { type Linked, linkedPrograms } from './link/linked.ts';
import { addToolchainFiles } from './link/toolchain-files.ts';
import type { LockedStatic } from './locked-archive.ts';
import { assembler, refuseNativeCode } from './native-code.ts';
import { fileAt, readAt, takePrograms } from './output.ts';
import { programsOf, type StaticSource, treesOf } from './schema.ts';
import { buildEnvironment, buildScript, ownObjects, treeArchive } from './script.ts';
import { type SourceArchive, sourceArchive } from './source-archive.ts';
import { packContext, type SourceContext } from './source-context.ts';

type PinnedStatic = Pinned<StaticSource, LockedStatic>;

// A constant: everything that varies is in the context's build.sh, quoted word by word. Only the build's
// own commands find the linker that keeps records.
const outputFolder = 'build/out';
const driver = `umask 022
mkdir -p /build
cd /build
tar -xf - --no-same-owner
PATH=/build/${linkerFolder}:$PATH sh ./build.sh </dev/null >&2
cd /
set -- ${outputFolder}
${addToolchainFiles}
exec tar -cf - "$@"`;

/** The output of a step. */
interface StepOutput {
  /** Entries that the build left, by their paths below `out/`. */
  readonly built: readonly Entry[];
  /** Entries of the builder itself, whose files are read-only: no build can have changed them. */
  readonly builder: readonly Entry[];
  /** The sha256 of the folder of sources that was sent, if one was. */
  readonly tree?: string | undefined;
}

function outputOf(entries: readonly Entry[]): StepOutput {
  const start = `${outputFolder}/`;
  const below = (path: string) => path.startsWith(start);
  return {
    built: entries
      .filter(({ path }) => below(path))
      .map((entry) => ({ ...entry, path: entry.path.slice(start.length) })),
    builder: entries.filter(({ path }) => !below(path)),
  };
}

/** Facts that the log of a build tells. */
interface Heard {
  /** The functions that the linker warns about. */
  readonly functions: Set<string>;
  byLibtool: boolean;
}

/** A program that libtool links without -static, by itself or as automake's short output tells it. */
const libtoolLink = /^libtool: link: (?!.* -(?:all-)?static).* -o |^ {2}C(?:XX|C)LD {2,}/;

/** Passes events on and listens to what the linker says. */
function listeningToLinker(io: Io, heard: Heard): Io {
  const emit = (event: Event) => {
    if (event.type === 'log') {
      const name = warnedFunction(event.line);
      if (name !== undefined) heard.functions.add(name);
      if (libtoolLink.test(event.line)) heard.byLibtool = true;
    }
    io.emit(event);
  };
  return { ...io, emit };
}

/** A hundred times that of a large C++ program; it is held in memory, and the builder may be hostile. */
const largestLinkMap = 64 * 1024 ** 2;

async function linkMapOf(built: readonly Entry[]): Promise<string> {
  const map = fileAt(built, 'link.map');
  if (map === undefined || map.size > largestLinkMap) return '';
  return (await readAt(map, 0, map.size)).toString('utf8');
}

/** Returns the canonical tar of the folder of sources that a recipe names; undefined where it names none. */
async function packTree({ source, folder }: PinnedStatic): Promise<HashedStream | undefined> {
  const [tree] = treesOf(source);
  if (tree === undefined) return undefined;
  return hashedStream(writeTar(await sourceTree(folder, tree), { reuseMemory: true }));
}

/** Sources that a builder is sent as one archive. */
interface Sent {
  readonly tree: HashedStream | undefined;
  readonly archive: SourceArchive | undefined;
}

function contextOf(
  pinned: PinnedStatic,
  { tree, archive }: Sent,
  { builder }: StepContext,
): SourceContext {
  const { source, folder } = pinned;
  const programs = programsOf(pinned.name, source);
  return {
    folder,
    paths: [...(source.sources ?? []), ...source.include],
    added: {
      'build.sh': buildScript(source, compilerOf(builder.toolchain), programs, archive?.name),
      ...(archive && { [archive.name]: archive.bytes }),
      ...(tree && { [treeArchive]: tree.bytes }),
    },
    scripts: {
      [`${linkerFolder}/ld`]: linker,
      [`${linkerFolder}/ld.bfd`]: linker,
      [`${linkerFolder}/as`]: assembler,
    },
  };
}

/** Tells the diagnosis of a failure what is built, and with what. */
function failureOf({ source, folder }: PinnedStatic, { builder }: StepContext) {
  const { toolchain, sources } = source;
  const extended = typeof toolchain === 'object' ? toolchain : undefined;
  return diagnose({
    toolchain: extended?.extends ?? builder.toolchain.name,
    packages: extended?.packages ?? [],
    libc: compilerOf(builder.toolchain).libc,
    compiles: sources !== undefined,
    fileBeside: (path) => fileBeside(folder, path),
  });
}

async function runBuild(pinned: PinnedStatic, context: StepContext, io: Io): Promise<StepOutput> {
  const { builder, engine, folder } = context;
  const staging = join(folder, 'context');
  await mkdir(staging);
  const output = join(folder, 'build-output.tar');
  const tree = await packTree(pinned);
  const archive = await sourceArchive(pinned, context.store, folder, io.signal);
  const step = {
    toolchain: builder.reference,
    argv: ['/bin/sh', '-euc', driver],
    env: buildEnvironment(pinned.source, compilerOf(builder.toolchain), pinned.epoch),
    limits: buildLimits,
    capabilities: [],
    diagnosis: failureOf(pinned, context),
    input: packContext(contextOf(pinned, { tree, archive }, context), staging),
  } as const;
  const take = (stdout: AsyncIterable<Uint8Array>) =>
    spoolTar(stdout, output, { source: "the builder's output" }).then(outputOf);
  const left = await engine.runStep(step, take, io);
  return { ...left, tree: tree?.sha256() };
}

/** The programs of a recipe, and what its linker read to make them. */
export interface StaticBuild {
  readonly entries: Entry[];
  readonly record: StaticRecord;
}

/** The facts of a build that only the builder knows. */
export interface StaticRecord {
  readonly linked: Linked;
  /** The sha256 of the folder of sources that was built, if one was. */
  readonly tree: string | undefined;
}

/**
 * Compiles a program in a builder and returns it as entries. Warnings of the linker become
 * `warning` events. Errors: BUILD_FAILED when a command fails, BUILD_OUTPUT when a program is missing,
 * dynamic, for another machine, for this machine's own processor or (asked to be stripped) has symbols.
 */
export async function compileStatic(
  pinned: PinnedStatic,
  context: StepContext,
  io: Io,
): Promise<StaticBuild> {
  const { name, source, platform, epoch } = pinned;
  const heard: Heard = { functions: new Set(), byLibtool: false };
  const { functions } = heard;
  const { archive } = pinned.locked;
  const changes = archive && debianChanges(archive);
  if (changes) io.emit({ type: 'warning', stage: 'build', warning: changes });
  const { built, builder, tree } = await runBuild(pinned, context, listeningToLinker(io, heard));
  const { libc } = compilerOf(context.builder.toolchain);
  if (libc === 'glibc') {
    for (const each of localeFunctions(await linkMapOf(built), ownObjects)) functions.add(each);
  }
  for (const warning of linkWarnings(functions)) {
    io.emit({ type: 'warning', stage: 'build', warning });
  }
  await refuseNativeCode(built);
  const programs = programsOf(name, source);
  const promised = {
    platform: platform.name,
    libc,
    stripped: source.strip,
    byLibtool: heard.byLibtool,
  };
  const entries = await takePrograms(programs, built, promised, epoch);
  const placed = programs.map(({ path, built: file }, index) => ({
    path,
    place: source.sources ? `/${outputFolder}/${index}` : posix.join('/build/src', file),
  }));
  return { entries, record: { linked: await linkedPrograms(placed, built, builder), tree } };
}

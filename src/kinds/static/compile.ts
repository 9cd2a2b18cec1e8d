import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Event, Io } from '../../base/events.ts';
import type { PlatformName } from '../../base/platform.ts';
import type { Engine } from '../../engines/engine.ts';
import type { ToolchainRef } from '../../engines/step.ts';
import { compilerOf, type Recipe, type Toolchain } from '../../recipe/recipe.ts';
import { buildLimits } from '../../steps/chroot-step.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import { fileAt, readAt } from './entry-reader.ts';
import { buildEnvironment } from './environment.ts';
import { linker, linkerFolder } from './link-record.ts';
import { linkWarnings, localeFunctions, warnedFunction } from './link-warnings.ts';
import { type Linked, linkedPrograms } from './linked.ts';
import type { LockedArchive } from './locked-archive.ts';
import { takePrograms } from './output.ts';
import type { StaticSource } from './schema.ts';
import { buildScript, ownObjects, programsOf } from './script.ts';
import { packContext, type SourceContext } from './source-context.ts';
import { addToolchainFiles } from './toolchain-files.ts';

/** What a static build needs besides the recipe. */
export interface StaticInputs {
  readonly toolchain: Toolchain;
  readonly reference: ToolchainRef;
  readonly engine: Engine;
  readonly archive: LockedArchive | undefined;
  readonly epoch: number;
  readonly platform: PlatformName;
  readonly store: Store;
  /** An empty folder of this build's own. */
  readonly folder: string;
}

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

/** What came out of a step. */
interface StepOutput {
  /** What the build left, by its path below `out/`. */
  readonly built: readonly Entry[];
  /** What was added of the builder itself. Its files are read-only: no build had a hand in it. */
  readonly builder: readonly Entry[];
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

/** Passes events on and collects the functions that the linker warns about. */
function listeningToLinker(io: Io, functions: Set<string>): Io {
  const emit = (event: Event) => {
    const name = event.type === 'log' ? warnedFunction(event.line) : undefined;
    if (name !== undefined) functions.add(name);
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

function contextOf(recipe: Recipe, source: StaticSource, inputs: StaticInputs): SourceContext {
  const { archive, store, toolchain } = inputs;
  const programs = programsOf(recipe.name, source);
  return {
    folder: recipe.fromOrigin.folder,
    paths: [...(source.sources ?? []), ...source.include],
    added: {
      'build.sh': buildScript(source, compilerOf(toolchain), programs, archive?.name),
      ...(archive && { [archive.name]: store.read(archive.sha256) }),
    },
    scripts: { [`${linkerFolder}/ld`]: linker, [`${linkerFolder}/ld.bfd`]: linker },
  };
}

async function runBuild(
  recipe: Recipe,
  source: StaticSource,
  inputs: StaticInputs,
  io: Io,
): Promise<StepOutput> {
  const staging = join(inputs.folder, 'context');
  await mkdir(staging);
  const output = join(inputs.folder, 'build-output.tar');
  const step = {
    toolchain: inputs.reference,
    argv: ['/bin/sh', '-euc', driver],
    env: buildEnvironment(source, compilerOf(inputs.toolchain), inputs.epoch),
    limits: buildLimits,
    capabilities: [],
    input: packContext(contextOf(recipe, source, inputs), staging),
  } as const;
  const take = (stdout: AsyncIterable<Uint8Array>) =>
    spoolTar(stdout, output, { source: "the builder's output" }).then(outputOf);
  return inputs.engine.runStep(step, take, io);
}

/** A static recipe's programs, and what its linker says went into them. */
export interface StaticBuild {
  readonly entries: Entry[];
  readonly linked: Linked;
}

/**
 * Compiles a static recipe in a builder and returns its programs as entries. What the linker warns
 * about becomes `warning` events. Errors: BUILD_FAILED when a command fails, BUILD_OUTPUT when a
 * program is missing, dynamic, for another machine or (asked to be stripped) has symbols.
 */
export async function buildStatic(
  recipe: Recipe,
  source: StaticSource,
  inputs: StaticInputs,
  io: Io,
): Promise<StaticBuild> {
  const functions = new Set<string>();
  const { built, builder } = await runBuild(
    recipe,
    source,
    inputs,
    listeningToLinker(io, functions),
  );
  if (compilerOf(inputs.toolchain).libc === 'glibc') {
    for (const name of localeFunctions(await linkMapOf(built), ownObjects)) functions.add(name);
  }
  for (const warning of linkWarnings(functions)) {
    io.emit({ type: 'warning', stage: 'build', warning });
  }
  const promised = { platform: inputs.platform, stripped: source.strip };
  const programs = programsOf(recipe.name, source);
  const entries = await takePrograms(programs, built, promised, inputs.epoch);
  const placed = programs.map(({ path, built: name }, index) => ({
    path,
    place: source.archive ? posix.join('/build/src', name) : `/${outputFolder}/${index}`,
  }));
  return { entries, linked: await linkedPrograms(placed, built, builder) };
}

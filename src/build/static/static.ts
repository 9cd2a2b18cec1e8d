import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engines/engine.ts';
import type { Limits, ToolchainRef } from '../../engines/step.ts';
import { MkbaseError } from '../../errors.ts';
import type { Event, Io } from '../../events.ts';
import { hostPlatform, type PlatformName } from '../../platform.ts';
import type { StaticSource } from '../../recipe/kinds/static.ts';
import type { Recipe, Toolchain } from '../../recipe/recipe.ts';
import type { LockedArchive } from '../../sources/archive/locked.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import { fileAt, readAt } from './entry-reader.ts';
import { buildEnvironment } from './environment.ts';
import { linkWarnings, localeFunctions, warnedFunction } from './link-warnings.ts';
import { takePrograms } from './output.ts';
import { buildScript, ownObjects, programsOf } from './script.ts';
import { packContext, type SourceContext } from './source-context.ts';

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

// A constant: everything that varies is in the context's build.sh, quoted word by word.
const driver = [
  'umask 022',
  'mkdir -p /build',
  'cd /build',
  'tar -xf - --no-same-owner',
  'sh ./build.sh </dev/null >&2',
  'cd out',
  'exec tar -cf - .',
].join(' && ');

const limits: Limits = {
  memoryBytes: 4 * 1024 ** 3,
  processes: 2048,
  seconds: 60 * 60,
  outputBytes: 2 * 1024 ** 3,
};

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
  const { toolchain, archive, store } = inputs;
  const programs = programsOf(recipe.name, source);
  return {
    folder: recipe.origin.folder,
    paths: [...(source.sources ?? []), ...source.include],
    added: {
      'build.sh': buildScript(source, toolchain.toolchain, programs, archive?.name),
      ...(archive && { [archive.name]: store.read(archive.sha256) }),
    },
  };
}

/** ENOEXEC (execve(2)): a kernel that was not told how cannot run the programs of another machine. */
function foreign(error: unknown, platform: PlatformName): unknown {
  const isForeign = platform !== hostPlatform().name;
  const isRefused = error instanceof MkbaseError && /exec format error/i.test(error.message);
  if (!isForeign || !isRefused) return error;
  return new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `This machine cannot run the programs of a builder for ${platform}.`,
    hint: 'Let it emulate them (on Debian and Ubuntu: sudo apt-get install qemu-user-static binfmt-support), or build on such a machine.',
    cause: error,
  });
}

async function runBuild(
  recipe: Recipe,
  source: StaticSource,
  inputs: StaticInputs,
  io: Io,
): Promise<Entry[]> {
  const staging = join(inputs.folder, 'context');
  await mkdir(staging);
  const output = join(inputs.folder, 'build-output.tar');
  const step = {
    toolchain: inputs.reference,
    argv: ['/bin/sh', '-euc', driver],
    env: buildEnvironment(source, inputs.toolchain.toolchain, inputs.epoch),
    limits,
    capabilities: [],
    input: packContext(contextOf(recipe, source, inputs), staging),
  } as const;
  const take = (stdout: AsyncIterable<Uint8Array>) =>
    spoolTar(stdout, output, { source: "the builder's output" });
  return inputs.engine.runStep(step, take, io).catch((error: unknown) => {
    throw foreign(error, inputs.platform);
  });
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
): Promise<Entry[]> {
  const functions = new Set<string>();
  const built = await runBuild(recipe, source, inputs, listeningToLinker(io, functions));
  if (inputs.toolchain.toolchain.libc === 'glibc') {
    for (const name of localeFunctions(await linkMapOf(built), ownObjects)) functions.add(name);
  }
  for (const warning of linkWarnings(functions)) {
    io.emit({ type: 'warning', stage: 'build', warning });
  }
  const promised = { platform: inputs.platform, stripped: source.strip };
  return takePrograms(programsOf(recipe.name, source), built, promised, inputs.epoch);
}

import type { Json } from '../../base/canonical-json.ts';
import type { Io } from '../../base/events.ts';
import { compilerOf } from '../../recipe/recipe.ts';
import type { StepContext } from '../../steps/builder.ts';
import { diagnose } from '../../steps/failure/diagnose.ts';
import { fileBeside } from '../../steps/failure/file-beside.ts';
import { buildLimits } from '../../steps/tree-step.ts';
import type { StepInput, Work } from '../../steps/work.ts';
import type { Entry } from '../../tar/entry.ts';
import {
  type BuildFacts,
  factsOf,
  type Heard,
  listeningToLinker,
  outputFolder,
  outputOf,
} from './build-facts.ts';
import { buildShell, type PinnedStatic, packInput, unpackInput } from './build-input.ts';
import { debianChanges } from './debian-changes.ts';
import { linkerFolder } from './link/link-record.ts';
import { linkWarnings } from './link/link-warnings.ts';
import type { Linked } from './link/linked.ts';
import { addToolchainFiles } from './link/toolchain-files.ts';
import { refuseNativeCode } from './native-code.ts';
import { takePrograms } from './output.ts';
import { programsOf } from './schema.ts';
import { buildEnvironment, writeScript } from './script.ts';

// A constant: everything that varies is in the context's build.sh, quoted word by word. Only the build's
// own commands find the linker that keeps records.
const driver = `${unpackInput}
PATH=/build/${linkerFolder}:$PATH sh ./build.sh </dev/null >&2
cd /
set -- ${outputFolder}
${addToolchainFiles}
exec tar -cf - "$@"`;

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

/** Version of what is taken of a build's output: raised when the same output gives other entries or facts. */
const version = 1;

/** Describes the build of programs; `heard` is told what its log says. */
function compileWork(
  pinned: PinnedStatic,
  context: StepContext,
  input: StepInput,
  heard: Heard,
): Work {
  const { name, source, platform, epoch } = pinned;
  const { libc } = compilerOf(context.builder.toolchain);
  const programs = programsOf(name, source);
  const { sources } = source;
  const promised = { platform: platform.name, libc, stripped: source.strip };
  return {
    does: 'compile',
    version,
    step: {
      argv: ['/bin/sh', '-euc', driver],
      env: buildEnvironment(source, compilerOf(context.builder.toolchain), epoch, platform),
      limits: buildLimits,
      capabilities: [],
      diagnosis: failureOf(pinned, context),
    },
    shell: buildShell,
    input,
    settledBy: { programs, promised, epoch, compiles: sources !== undefined },
    output: "the builder's output",
    settle: async (sent) => {
      const output = outputOf(sent);
      await refuseNativeCode(output.built);
      const { byLibtool } = heard;
      const taken = takePrograms(programs, output.built, { ...promised, byLibtool }, epoch);
      const entries = await taken;
      const { linked, functions } = await factsOf(output, heard, programs, source, libc);
      return { entries, facts: { linked, functions } as unknown as Json };
    },
  };
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
  const heard: Heard = { functions: new Set(), byLibtool: false };
  const { archive } = pinned.locked;
  const changes = archive && debianChanges(archive);
  if (changes) io.emit({ type: 'warning', stage: 'build', warning: changes });
  const { input, tree } = await packInput(pinned, context, io, ({ prepare, commands }) => ({
    'build.sh': writeScript(...prepare, ...commands),
  }));
  const work = compileWork(pinned, context, input, heard);
  const made = await context.make(work, listeningToLinker(io, heard));
  const { linked, functions } = made.facts as unknown as BuildFacts;
  for (const warning of linkWarnings(functions)) {
    io.emit({ type: 'warning', stage: 'build', warning });
  }
  return { entries: [...(await made.entries())], record: { linked, tree } };
}

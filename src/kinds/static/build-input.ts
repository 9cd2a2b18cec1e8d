import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { type HashedStream, hashedStream } from '../../base/hash.ts';
import { compilerOf } from '../../recipe/recipe.ts';
import type { ToolchainSettings } from '../../recipe/schema/schema.ts';
import { sourceTree } from '../../rootfs/source-tree.ts';
import type { StepContext } from '../../steps/builder.ts';
import { builderShell } from '../../steps/visitor.ts';
import { type StepInput, spooledInput } from '../../steps/work.ts';
import { writeTar } from '../../tar/write.ts';
import type { Pinned } from '../contract.ts';
import { crossFiles } from './cross-build.ts';
import { linker, linkerFolder } from './link/link-record.ts';
import type { LockedStatic } from './locked-archive.ts';
import { assembler } from './native-code.ts';
import { programsOf, type StaticSource, treesOf } from './schema.ts';
import { type BuildScript, buildScript, treeArchive } from './script.ts';
import { type SourceArchive, sourceArchive } from './source-archive.ts';
import { packContext, type SourceContext } from './source-context.ts';

export type PinnedStatic = Pinned<StaticSource, LockedStatic>;

/** Unpacks in the builder what it was sent. */
export const unpackInput = `umask 022
mkdir -p /build
cd /build
tar -xf - --no-same-owner`;

/** The build's own commands alone find the linker that keeps records. */
export const ownPath = `PATH=/build/${linkerFolder}:$PATH`;

/** Becomes a shell in the folder in which the commands of a build run. */
export const buildShell = builderShell(['/build/src', '/build'], `export ${ownPath}`);

/** Makes the scripts that a builder is sent, by their names in its folder. */
export type ScriptsOf = (script: BuildScript) => Readonly<Record<string, string>>;

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

/** Returns what stands in the places of linker and assembler, under each name by which they are called. */
function standIns({ target }: ToolchainSettings): Readonly<Record<string, string>> {
  const prefixes = target === undefined ? [''] : ['', `${target}-`];
  const tools = { ld: linker(target), 'ld.bfd': linker(target), as: assembler(target) };
  return Object.fromEntries(
    prefixes.flatMap((prefix) =>
      Object.entries(tools).map(([name, script]) => [`${linkerFolder}/${prefix}${name}`, script]),
    ),
  );
}

function contextOf(
  pinned: PinnedStatic,
  { tree, archive }: Sent,
  { builder }: StepContext,
  scriptsOf: ScriptsOf,
): SourceContext {
  const { source, folder } = pinned;
  const programs = programsOf(pinned.name, source);
  const compiler = compilerOf(builder.toolchain);
  const cross = crossFiles({ toolchain: compiler, platform: pinned.platform });
  return {
    folder,
    paths: [...(source.sources ?? []), ...source.include],
    added: {
      ...scriptsOf(buildScript(source, compiler, programs, archive?.name)),
      ...(archive && { [archive.name]: archive.bytes }),
      ...(tree && { [treeArchive]: tree.bytes }),
      ...cross.added,
    },
    scripts: { ...standIns(compiler), ...cross.scripts },
  };
}

/** Packs what the builder is sent, and returns the digest of the folder of sources in it. */
export async function packInput(
  pinned: PinnedStatic,
  context: StepContext,
  io: Io,
  scriptsOf: ScriptsOf,
): Promise<{ readonly input: StepInput; readonly tree: string | undefined }> {
  const { folder, store } = context;
  const staging = join(folder, 'context');
  await mkdir(staging);
  const tree = await packTree(pinned);
  const archive = await sourceArchive(pinned, store, folder, io.signal);
  const packed = packContext(contextOf(pinned, { tree, archive }, context, scriptsOf), staging);
  const input = await spooledInput(packed, join(folder, 'build-input.tar'));
  return { input, tree: tree?.sha256() };
}

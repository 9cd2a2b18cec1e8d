import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { bytesIn, formatBytes, plural } from '../base/format.ts';
import type { Engine, Leftover } from '../engines/engine.ts';
import { writeWarning } from '../ui/error-text.ts';
import type { CommandContext } from './command-context.ts';

export interface GcOptions {
  readonly all?: true;
  /** Most bytes of results of steps that stay, such as `5GB`. */
  readonly keep?: string;
}

/** Folders that can be fetched or computed again. Not `state`: it remembers what an older index may not replace. */
const cached = ['blobs', 'partial', 'builds', 'node'];

async function collectEngines(
  engines: readonly Engine[],
  all: boolean,
  now: Date,
  io: Io,
): Promise<string[]> {
  const lines: string[] = [];
  for (const engine of engines) {
    const leftovers = await engine.removeLeftovers(now, io);
    const toolchains = all ? await engine.removeToolchains(new Set(), io) : [];
    lines.push(...countLines(engine.name, leftovers), ...countLines(engine.name, toolchains));
  }
  return lines;
}

/** Forgets the builders that no engine holds any more; without an engine nobody can say that. */
async function collectState(engines: readonly Engine[], state: string, io: Io): Promise<string[]> {
  if (engines.length === 0) return [];
  const { forgetBuilders } = await import('../pipeline/builder-state.ts');
  const held = await Promise.all(engines.map((engine) => engine.listToolchains(io)));
  const forgotten = await forgetBuilders(state, new Set(held.flat().map(({ key }) => key)));
  return forgotten > 0 ? [`Forgot ${plural(forgotten, 'builder')} that no engine holds.`] : [];
}

/** Returns the bytes that results of steps may have. Throws USAGE for what is no size. */
function bytesToKeep({ all, keep }: GcOptions): number | undefined {
  if (all === true) return -1;
  if (keep === undefined) return undefined;
  const bytes = bytesIn(keep);
  if (bytes !== undefined) return bytes;
  throw new MkbaseError({
    code: 'USAGE',
    message: `--keep ${keep} is no size.`,
    hint: 'Write a whole number and its unit, for instance --keep 5GB or --keep 500MiB.',
  });
}

/** Removes results of steps: those that are not whole, and the least used beyond the bytes to keep. */
async function collectResults(
  { cache, state }: Folders,
  keep: number | undefined,
): Promise<string[]> {
  const { collectNodes } = await import('../nodes/collect.ts');
  const collected = await collectNodes({ cache, state, ...(keep !== undefined && { keep }) });
  const { nodes, trees, bytes } = collected;
  if (nodes + trees === 0) return [];
  return [`Removed ${plural(Math.max(nodes, trees), 'result')} of steps, ${formatBytes(bytes)}.`];
}

function countLines(engine: string, leftovers: readonly Leftover[]): string[] {
  const kinds = [...new Set(leftovers.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const count = leftovers.filter((leftover) => leftover.kind === kind).length;
    return `Removed ${plural(count, kind)} of ${engine}.`;
  });
}

/** The folders that mkbase keeps files in. */
interface Folders {
  readonly cache: string;
  readonly state: string;
}

async function collectFiles(
  { cache, state }: Folders,
  all: boolean,
  now: Date,
  io: Io,
): Promise<string[]> {
  const [{ sweepWorkspaces }, { removeTree }] = await Promise.all([
    import('../store/workspace.ts'),
    import('../store/remove-tree.ts'),
  ]);
  const swept = await sweepWorkspaces(join(cache, 'tmp'), now, io);
  if (all) {
    for (const name of cached) await removeTree(join(cache, name));
    await removeTree(join(state, 'logs'));
  }
  return swept.length > 0 ? [`Removed ${plural(swept.length, 'temporary folder')}.`] : [];
}

const blockSize = 512;

async function sizeOf(path: string, entry: Dirent): Promise<number> {
  if (entry.isDirectory()) return folderSize(path);
  const stat = await lstat(path).catch(() => undefined);
  return stat === undefined ? 0 : stat.blocks * blockSize;
}

/** Returns the bytes of disk that a folder's files take; 0 where there is none, or none that can be read. */
async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) total += await sizeOf(join(folder, entry.name), entry);
  return total;
}

/**
 * `mkbase gc`: removes what killed runs left and what is remembered of builders that are gone; with
 * `keep` the least used results of steps; with `all` everything that can be had again.
 */
export async function gc(options: GcOptions, context: CommandContext): Promise<number> {
  const all = options.all === true;
  const keep = bytesToKeep(options);
  const { env, stdout, signal } = context;
  const now = new Date(context.clock());
  const [{ probeEngines }, { cacheFolder }, { stateFolder }] = await Promise.all([
    import('../engines/choose.ts'),
    import('../store/cache-folder.ts'),
    import('../store/state-folder.ts'),
  ]);
  const cache = cacheFolder(env);
  const state = stateFolder(env);
  const io: Io = {
    emit: (event) => {
      if (event.type === 'warning') writeWarning(context.stderr, env, event.warning);
    },
    signal,
  };
  const probes = await probeEngines({ cache, env }, io);
  const engines = probes.flatMap((probe) => (probe.ok ? [probe.engine] : []));
  const before = await folderSize(cache);
  const lines = [
    ...(await collectEngines(engines, all, now, io)),
    ...(await collectFiles({ cache, state }, all, now, io)),
    ...(await collectState(engines, state, io)),
    ...(await collectResults({ cache, state }, keep)),
  ];
  const freed = before - (await folderSize(cache));
  if (freed > 0) lines.push(`Freed ${formatBytes(freed)} in ${cache}.`);
  stdout.write(lines.length === 0 ? 'Nothing to remove.\n' : `${lines.join('\n')}\n`);
  return 0;
}

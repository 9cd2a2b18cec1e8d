import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../../../src/engines/engine.ts';

const lines = (text: string) => text.split('\n').filter(Boolean);

function call(engine: EngineName, ...args: string[]): string[] {
  return lines(execFileSync(engine, args, { encoding: 'utf8' }));
}

/** Names that mkbase gives to what is its own for a while hold its process's number. */
const isOf = (pids: ReadonlySet<number>) => (name: string) =>
  [...name.matchAll(/mkbase-[0-9a-f]+-\d+-(\d+)-\d+-/g)].some(([, pid]) => pids.has(Number(pid)));

function containers(engine: EngineName, pids: ReadonlySet<number>): string[] {
  if (engine === 'namespace') return [];
  return call(engine, 'ps', '--all', '--format', '{{.Names}}').filter(isOf(pids));
}

/** Images without a tag that these processes imported. */
function untaggedImages(engine: EngineName, pids: ReadonlySet<number>): string[] {
  if (engine === 'namespace') return [];
  const ids = call(engine, 'images', '--quiet', '--no-trunc', '--filter', 'dangling=true');
  if (ids.length === 0) return [];
  // It fails where others have removed one meanwhile, and describes those that are there.
  const { stdout } = spawnSync(engine, ['image', 'inspect', ...new Set(ids)], {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  return (JSON.parse(stdout) as { Id: string; Comment?: string }[])
    .filter(({ Comment = '' }) => isOf(pids)(Comment))
    .map(({ Id }) => Id);
}

/** Everything below a folder, relative to it; what others remove meanwhile is left out. */
function pathsBelow(folder: string): string[] {
  const entries = (() => {
    try {
      return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  })();
  return entries.flatMap((entry) => {
    const below = entry.isDirectory() ? pathsBelow(join(folder, entry.name)) : [];
    return [entry.name, ...below.map((path) => join(entry.name, path))];
  });
}

/** Everything below a folder that carries the name of a process. */
const files = (folder: string, pids: ReadonlySet<number>): string[] =>
  pathsBelow(folder).filter(isOf(pids));

/** Reads a file of a process; an empty text when the process has ended. */
function processFile(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/**
 * Processes that have `word` on their command line or in their environment. The process in which
 * podman keeps an ordinary user's namespaces is podman's own, and stays until the user logs out.
 */
export function processesWith(word: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const line = processFile(pid, 'cmdline');
      const environment = processFile(pid, 'environ');
      if (environment.includes('_PODMAN_PAUSE=1\0')) return [];
      if (!line.includes(word) && !environment.includes(word)) return [];
      return [`${pid} ${line.replaceAll('\0', ' ')}`];
    });
}

export interface TracesQuery {
  readonly engine: EngineName;
  /** Processes of mkbase that have ended. */
  readonly pids: Iterable<number>;
  /** Folders that they could write to. */
  readonly folders: readonly string[];
  /** A word that only their children have on their command line or in their environment. */
  readonly word: string;
}

/** What runs of mkbase have left; a list of nothing is what it should be. */
export function traces(query: TracesQuery): string[] {
  const { engine, folders, word } = query;
  const pids = new Set(query.pids);
  const mounts = lines(readFileSync('/proc/self/mountinfo', 'utf8'));
  return [
    ...containers(engine, pids).map((name) => `container ${name}`),
    ...untaggedImages(engine, pids).map((id) => `untagged image ${id}`),
    ...folders.flatMap((folder) => files(folder, pids)).map((path) => `file ${path}`),
    ...folders
      .flatMap((folder) => mounts.filter((mount) => mount.includes(` ${folder}/`)))
      .map((mount) => `mount ${mount}`),
    ...processesWith(word).map((found) => `process ${found}`),
  ];
}

import { posix } from 'node:path';
import type { Event, Io } from '../../base/events.ts';
import type { Entry } from '../../tar/entry.ts';
import { localeFunctions, warnedFunction } from './link/link-warnings.ts';
import { type Linked, linkedPrograms } from './link/linked.ts';
import { fileAt, type Promised, readAt } from './output.ts';
import type { Program, StaticSource } from './schema.ts';
import { ownObjects } from './script.ts';

/** The folder below the root of a builder in which a build leaves what it made. */
export const outputFolder = 'build/out';

/** The output of a step. */
export interface StepOutput {
  /** Entries that the build left, by their paths below `out/`. */
  readonly built: readonly Entry[];
  /** Entries of the builder itself, whose files are read-only: no build can have changed them. */
  readonly builder: readonly Entry[];
}

/** Parts a step's output. */
export function outputOf(entries: readonly Entry[]): StepOutput {
  const start = `${outputFolder}/`;
  const below = (path: string) => path.startsWith(start);
  return {
    built: entries
      .filter(({ path }) => below(path))
      .map((entry) => ({ ...entry, path: entry.path.slice(start.length) })),
    builder: entries.filter(({ path }) => !below(path)),
  };
}

/** Words of the log of a build that count. */
export interface Heard {
  /** The functions that the linker warns about. */
  readonly functions: Set<string>;
  byLibtool: boolean;
}

/** A program that libtool links without -static, by itself or as automake's short output tells it. */
const libtoolLink = /^libtool: link: (?!.* -(?:all-)?static).* -o |^ {2}C(?:XX|C)LD {2,}/;

/** Passes events on and listens to what the linker says. */
export function listeningToLinker(io: Io, heard: Heard): Io {
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

/** Facts that a build's output and log tell besides the programs. */
export interface BuildFacts {
  readonly linked: Linked;
  /** The functions that the linker warns about, sorted. */
  readonly functions: readonly string[];
}

/** Reads the facts of a build. Errors: IO. */
export async function factsOf(
  { built, builder }: StepOutput,
  { functions: heard }: Heard,
  programs: readonly Program[],
  { sources }: StaticSource,
  libc: Promised['libc'],
): Promise<BuildFacts> {
  const functions = new Set(heard);
  if (libc === 'glibc') {
    for (const each of localeFunctions(await linkMapOf(built), ownObjects)) functions.add(each);
  }
  const placed = programs.map(({ path, built: file }, index) => ({
    path,
    place: sources ? `/${outputFolder}/${index}` : posix.join('/build/src', file),
  }));
  const linked = await linkedPrograms(placed, built, builder);
  return { linked, functions: [...functions].sort() };
}

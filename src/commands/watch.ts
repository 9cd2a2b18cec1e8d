import { setMaxListeners } from 'node:events';
import { MkbaseError } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import type { PlatformName } from '../base/platform.ts';
import { chooseEngine } from '../engines/choose.ts';
import { type ReadySteps, readySteps } from '../engines/ready-steps.ts';
import { surroundingsOf } from '../engines/surroundings.ts';
import { treeOf } from '../pipeline/build-cache.ts';
import type { Fingerprints } from '../pipeline/build-record.ts';
import type { BuildRequest } from '../pipeline/request.ts';
import { untilChanged, watchedBy } from '../pipeline/watch.ts';
import { paletteOf } from '../ui/screen.ts';
import { shortPath } from '../ui/text.ts';
import { resolveProgress } from '../ui/ui.ts';
import { buildOne } from './build.ts';
import { type BuildOptions, buildRequest } from './build-request.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { checkOnFailure } from './shell/on-failure.ts';
import { shellLeft } from './shell/visitor.ts';

/** ECMA-48: erases the screen and goes to its first column and line. */
const clearScreen = '\u001b[2J\u001b[H';

/** Names what changed, for people. */
function called(paths: readonly string[], cwd: string): string {
  const names = paths.map((path) => shortPath(treeOf(path)?.path ?? path, cwd));
  const [first = '', ...more] = names;
  return more.length === 0 ? `${first} changed.` : `${first} and ${more.length} more changed.`;
}

/** A turn of work; its steps may run in what is ready. */
type Turn = (context: CommandContext, ready: ReadySteps) => Promise<number>;

/** Does a turn of work, ends it as soon as something changes, and waits for a change. Resolves to both. */
async function turnUntilChanged(
  before: Fingerprints,
  turn: (context: CommandContext) => Promise<number>,
  context: CommandContext,
) {
  const { stderr, env, cwd } = context;
  const outdated = new AbortController();
  const signal = AbortSignal.any([context.signal, outdated.signal]);
  setMaxListeners(0, context.signal, signal);
  const turned = turn({ ...context, cwd, signal });
  const ended = turned.then(
    () => {},
    () => {},
  );
  const changing = untilChanged(before, context.signal).then(async (changed) => {
    await Promise.race([shellLeft(), ended]);
    const message = called(changed, cwd);
    outdated.abort(new MkbaseError({ code: 'INTERRUPTED', message }));
    return changed;
  });
  const exitCode = await turned;
  if (!signal.aborted) {
    const watched = plural(Object.keys(before).length, 'path');
    stderr.write(`${paletteOf(stderr, env).dim(`Watching ${watched}; Ctrl-C ends it.`)}\n`);
  }
  return { exitCode, changed: await changing };
}

/** Returns a function that finds the platform that builders run on; once found, it is not asked for again. */
function machineFinder({ engine }: BuildRequest, { env, signal }: CommandContext) {
  let machine: PlatformName | undefined;
  return async () => {
    machine ??= (await chooseEngine(engine, surroundingsOf(env), { emit: () => {}, signal }))
      .platform;
    return machine;
  };
}

/**
 * Does a turn of work, and again whenever something changes that a build of the request is made from, until
 * it is stopped; meanwhile containers are up for the steps of the next turn. Resolves to the exit code of the
 * last turn, at once where there is nothing to watch.
 */
export async function keepWatching(
  request: BuildRequest,
  options: BuildOptions,
  turn: Turn,
  context: CommandContext,
): Promise<number> {
  const { stderr, env, cwd } = context;
  const clears = resolveProgress(options.progress, stderr, env) === 'tty';
  const ready = readySteps();
  const machineOf = machineFinder(request, context);
  const turnAndRefill = async (own: CommandContext) => {
    const exitCode = await turn(own, ready);
    await ready.refill();
    return exitCode;
  };
  try {
    for (;;) {
      const before = await watchedBy(request, invocationOf(context), machineOf);
      if (Object.keys(before).length === 0) return await turn(context, ready);
      const { exitCode, changed } = await turnUntilChanged(before, turnAndRefill, context);
      if (context.signal.aborted) return exitCode;
      if (clears) stderr.write(clearScreen);
      stderr.write(`${paletteOf(stderr, env).dim(called(changed, cwd))}\n`);
    }
  } finally {
    await ready.close();
  }
}

/** `mkbase watch`: builds, and builds again whenever the recipe or a file of it changes. */
export async function watch(
  recipe: string,
  options: BuildOptions,
  context: CommandContext,
): Promise<number> {
  checkOnFailure(options);
  const request = await buildRequest(recipe, options, context.cwd);
  return keepWatching(
    request,
    options,
    (own, ready) => buildOne({ ...request, ready }, options, own),
    context,
  );
}

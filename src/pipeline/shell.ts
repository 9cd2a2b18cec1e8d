import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { platforms } from '../base/platform.ts';
import type { Step } from '../engines/step.ts';
import { kindOf } from '../kinds/kinds.ts';
import { wantedOf } from '../lock/lock.ts';
import { atItsLine } from '../recipe/diagnostics/at-line.ts';
import { sourceOf } from '../recipe/kind.ts';
import { bareBuilder } from '../steps/bare-builder.ts';
import { withBuilder } from '../steps/builder.ts';
import { type Asked, commandStep, type ShellPlace, visitedStep } from '../steps/shell-place.ts';
import { treePlace } from '../steps/tree-place.ts';
import { treeEnvironment } from '../steps/tree-step.ts';
import type { Visitor } from '../steps/visitor.ts';
import { treeOf } from '../steps/work.ts';
import { builtEntries, type PinnedInputs } from './build-tree.ts';
import type { ReadyBuilder } from './builder.ts';
import { readyBuilder } from './make-parts.ts';
import { type OpenBuild, openBuild } from './open-build.ts';
import { pinInputs, prepareBuilder } from './prepare.ts';
import type { BuildRequest } from './request.ts';
import { shellBuilder } from './shell-builder.ts';
import type { ShellPlaceName } from './shell-places.ts';

/** What takes what a command prints. */
export interface Printer {
  /** Called when the place is ready, before the command starts. */
  begin(place: ShellPlaceName): Promise<void>;
  out(bytes: Uint8Array): Promise<void>;
  error(line: string): void;
}

/** A request for a shell: a command or a script whose output is printed, or a person who is let in. */
export interface ShellRequest {
  readonly build: BuildRequest;
  /** The recipe's usual place when left out. */
  readonly place?: ShellPlaceName;
  readonly to:
    | { readonly asked: Asked; readonly printer: Printer }
    | { readonly visitor: (place: ShellPlaceName) => Visitor };
}

interface Opening {
  readonly request: ShellRequest;
  readonly invocation: Invocation;
  readonly open: OpenBuild;
  readonly io: Io;
}

/** A place, and the builder that its step runs in. */
interface OpenPlace {
  readonly name: ShellPlaceName;
  readonly place: ShellPlace;
  readonly builder: ReadyBuilder;
}

/** Opens the place of a recipe's commands in its builder; for a kind without any, the bare builder. */
async function builderPlace(
  { open, io }: Opening,
  { lock }: PinnedInputs,
  builder: ReadyBuilder,
): Promise<OpenPlace> {
  const { recipe, platform } = open.plan;
  const { workFolder } = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  const pinned = { ...wanted, locked: sourceOf(lock.from), epoch: lock.epoch };
  const make = () => {
    throw new Error('a shell makes no tree');
  };
  const { store, folder } = open;
  const context = withBuilder({ store, folder, builder, make, stage: 'build' });
  const place = (await workFolder?.(pinned, context, io)) ?? bareBuilder;
  await readyBuilder(open, builder, io);
  return { name: 'builder', place, builder };
}

/** Opens the finished root filesystem, in the recipe's builder or in one that only enters it. */
async function treeOpened(
  { open, invocation, request, io }: Opening,
  pinned: PinnedInputs,
  builder: ReadyBuilder | undefined,
): Promise<OpenPlace> {
  const { recipe } = open.plan;
  const entries = await builtEntries(open, pinned, builder, invocation.now, io);
  const { epoch } = pinned.lock;
  const env = { ...treeEnvironment(epoch), ...recipe.image.env };
  const place = treePlace(treeOf(entries), env, epoch);
  if (builder === undefined) {
    const own = await shellBuilder(open, request.build, invocation, io);
    return { name: 'tree', place, builder: own };
  }
  await readyBuilder(open, builder, io);
  return { name: 'tree', place, builder };
}

async function openPlace(opening: Opening): Promise<OpenPlace> {
  const { request, open, io } = opening;
  const pinned = await pinInputs({ request: request.build, open, io });
  const { builder } = await prepareBuilder({ request: request.build, open, io }, pinned);
  const { recipe } = open.plan;
  const { opensInBuilder = false } = await kindOf(recipe.from).load();
  const name = request.place ?? (opensInBuilder ? 'builder' : 'tree');
  if (name === 'tree') return treeOpened(opening, pinned, builder);
  if (builder !== undefined) return builderPlace(opening, pinned, builder);
  throw new MkbaseError({
    code: 'USAGE',
    message: `--in builder: ${recipe.name} is made without a builder.`,
    hint: 'Leave --in out: the shell then opens in the root filesystem.',
  });
}

/** Reads a stream to its end. */
async function discard(stdout: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of stdout);
}

/** Lets a person into a place; resolves to the exit code of the shell. */
async function visit(
  { name, place, builder }: OpenPlace,
  visitor: (place: ShellPlaceName) => Visitor,
  { open, io }: Opening,
): Promise<number> {
  let exitCode = 0;
  const { after, ...own } = visitor(name);
  const noted = {
    ...own,
    after: (code: number) => {
      exitCode = code;
      after(code);
    },
  };
  await runIn(visitedStep(place, noted), place, builder, discard, open, io);
  return exitCode;
}

/** Runs a command or a script in a place; resolves to its exit code. */
async function execute(
  { name, place, builder }: OpenPlace,
  asked: Asked,
  { begin, out, error }: Printer,
  { open, io }: Opening,
): Promise<number> {
  let exitCode = 0;
  const step = commandStep(place, asked);
  const ended = (code: number) => {
    exitCode = code;
  };
  const print = async (stdout: AsyncIterable<Uint8Array>) => {
    for await (const chunk of stdout) await out(chunk);
  };
  await begin(name);
  const printing: Io = {
    signal: io.signal,
    emit: (event) => {
      if (event.type === 'log') error(event.line);
    },
  };
  await runIn({ ...step, ended }, place, builder, print, open, printing);
  return exitCode;
}

async function runIn(
  step: Omit<Step, 'toolchain' | 'input'>,
  { input }: ShellPlace,
  { reference }: ReadyBuilder,
  consume: (stdout: AsyncIterable<Uint8Array>) => Promise<void>,
  { engine }: OpenBuild,
  io: Io,
): Promise<void> {
  const whole = { ...step, toolchain: reference, input: await input.bytes() };
  await engine.runStep(whole, consume, io);
}

/**
 * Opens a shell, or runs a command, where the steps of a recipe run; nothing that happens there is kept.
 * Resolves to the exit code of the shell or command. Errors: as runPipeline before the image is made.
 */
export async function openShell(
  request: ShellRequest,
  invocation: Invocation,
  io: Io,
): Promise<number> {
  const open = await openBuild(request.build, invocation, io);
  const opening = { request, invocation, open, io };
  try {
    const opened = await openPlace(opening);
    const { to } = request;
    return 'visitor' in to
      ? await visit(opened, to.visitor, opening)
      : await execute(opened, to.asked, to.printer, opening);
  } catch (error) {
    throw await atItsLine(error, open.plan.recipe, invocation.cwd);
  } finally {
    await open.dispose();
  }
}

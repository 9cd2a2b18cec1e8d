import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { type Io, stageName } from '../base/events.ts';
import type { Engine } from '../engines/engine.ts';
import type { Step, ToolchainRef } from '../engines/step.ts';
import type { Entry } from '../tar/entry.ts';
import { spoolTar } from '../tar/read.ts';
import { stoppingStep, type Visitor } from './visitor.ts';
import type { NamedTree, Settled, StepInput, Work } from './work.ts';

/** The engine and the builder that a work runs on, and an empty folder of its own. */
export interface Workplace {
  readonly engine: Pick<Engine, 'runStep'>;
  readonly toolchain: ToolchainRef;
  readonly folder: string;
  /** Has the engine hold a tree, and resolves to its name there; undefined where a step does better without. */
  readonly hold?: (tree: NamedTree, io: Io) => Promise<ToolchainRef | undefined>;
  /** Whoever is let into a step that fails. */
  readonly visitor?: Visitor | undefined;
}

/** Opens an input only when it is read: the engine starts the step meanwhile. */
function openedLate({ bytes }: Pick<StepInput, 'bytes'>) {
  let opening: Promise<AsyncIterable<Uint8Array>> | undefined;
  async function* read(): AsyncGenerator<Uint8Array> {
    opening = bytes();
    yield* await opening;
  }
  return {
    bytes: read(),
    /** Resolves when nothing is being opened any more. */
    ended: async () => void (await opening?.catch(() => undefined)),
  };
}

/** Runs a step, and writes its output to `file`. */
async function runOn(
  engine: Workplace['engine'],
  step: Omit<Step, 'input'>,
  input: Pick<StepInput, 'bytes'>,
  { file, source }: { readonly file: string; readonly source: string },
  io: Io,
): Promise<readonly Entry[]> {
  const { bytes, ended } = openedLate(input);
  const consume = (stdout: AsyncIterable<Uint8Array>) => spoolTar(stdout, file, { source });
  try {
    return await engine.runStep({ ...step, input: bytes }, consume, io);
  } finally {
    await ended();
  }
}

/** Tells whether a step failed, or the engine did: somebody may have removed the tree that it held. */
const isFailure = (error: unknown) =>
  error instanceof MkbaseError && ['BUILD_FAILED', 'ENGINE_FAILED'].includes(error.code);

/**
 * Runs a step that begins in its tree. Resolves to undefined where the engine holds no trees, and where the step
 * failed or left what it would not have left of a tree that it was sent: a file system of layers renames no folder
 * of a lower layer, and parts a file that changes from its other names.
 */
async function runBegun(
  { step, begun, output }: Work,
  { engine, folder, hold, visitor }: Workplace,
  io: Io,
): Promise<readonly Entry[] | undefined> {
  if (begun === undefined || hold === undefined || visitor !== undefined) return undefined;
  const written = { file: join(folder, 'begun.tar'), source: output };
  try {
    const toolchain = await hold(begun.tree, io);
    if (toolchain === undefined) return undefined;
    const running = { ...step, argv: begun.argv, toolchain };
    const sent = await runOn(engine, running, begun, written, io);
    if (await begun.isAlike(sent)) return sent;
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
  const line = 'Once more, with the tree sent to the builder.';
  io.emit({ type: 'log', stage: stageName.build, line });
  return undefined;
}

/** Runs a work's step and settles its output. Errors: as MakeTree. */
export async function runWork(work: Work, place: Workplace, io: Io): Promise<Settled> {
  const { step, shell, input, check, output, settle } = work;
  const { engine, toolchain, folder, visitor } = place;
  await check?.();
  const begun = await runBegun(work, place, io);
  if (begun !== undefined) return settle(begun);
  const running = visitor === undefined ? step : stoppingStep(step, shell, visitor);
  const written = { file: join(folder, 'sent.tar'), source: output };
  return settle(await runOn(engine, { ...running, toolchain }, input, written, io));
}

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type Json } from '../base/canonical-json.ts';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { hashedStream, sha256OfStream } from '../base/hash.ts';
import type { Engine } from '../engines/engine.ts';
import type { Step, ToolchainRef } from '../engines/step.ts';
import type { Entry } from '../tar/entry.ts';
import { spoolTar } from '../tar/read.ts';
import { writeTar } from '../tar/write.ts';
import { type ShellArgv, stoppingStep, type Visitor } from './visitor.ts';

/** A tree by a digest that stands for all of it; its entries are read only where they are needed. */
export interface NamedTree {
  /** Resolves to 64 hexadecimal digits. */
  digest(): Promise<string>;
  /** Resolves to the entries; an archive holds them in this order. */
  entries(): Promise<readonly Entry[]>;
}

/** The bytes that a step is sent. */
export interface StepInput {
  /** Resolves to a digest that stands for all of them: 64 hexadecimal digits. */
  digest(): Promise<string>;
  bytes(): Promise<AsyncIterable<Uint8Array>>;
}

/** The tree that is made of a step's output, and what else is kept of it. */
export interface Settled {
  readonly entries: readonly Entry[];
  /** Facts that the step's output or log told, for whoever finds the tree again. */
  readonly facts?: Json;
}

/**
 * A step that begins in its tree, on an engine that holds this as it holds a builder, instead of being sent it.
 * The same comes out.
 */
export interface BegunStep {
  /** The tree that the engine has to hold. */
  readonly tree: NamedTree;
  readonly argv: Step['argv'];
  /** Resolves to what the step is sent besides. */
  bytes(): Promise<AsyncIterable<Uint8Array>>;
  /** Tells whether the tree came out as it would of a step that was sent it. */
  isAlike(sent: readonly Entry[]): Promise<boolean>;
}

/** Work of one step that makes a tree, described by all that the tree is computed from. */
export interface Work {
  /** One word for people. */
  readonly does: string;
  /** Raised whenever the same description makes other bytes. */
  readonly version: number;
  readonly step: Omit<Step, 'toolchain' | 'input'>;
  /** The same step begun in its tree; left out where it is not worth to hold the tree. */
  readonly begun?: BegunStep;
  /** The program that becomes a shell for a person where the step fails. */
  readonly shell: ShellArgv;
  readonly input: StepInput;
  /** Called before the step is started; throws where it is not to be. */
  readonly check?: () => Promise<void>;
  /** Values that `settle` uses besides the output. */
  readonly settledBy: object;
  /** Makes the tree of the step's output: nothing in it tells when, where or by whom it was made. */
  settle(sent: readonly Entry[]): Promise<Settled>;
  /** Names the step's output in messages. */
  readonly output: string;
}

/** A tree that a step made, in this run or in an earlier one. */
export interface MadeTree extends NamedTree {
  readonly facts: Json | undefined;
}

/** Makes the tree of a work, or finds it. Errors: as Engine.runStep, and those of `settle`. */
export type MakeTree = (work: Work, io: Io) => Promise<MadeTree>;

/** Returns a function that calls another at most once and gives its result again. */
export function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

/** Names entries that are at hand by the digest of their archive. */
export const treeOf = (entries: readonly Entry[]): NamedTree => ({
  digest: once(() => sha256OfStream(writeTar(entries, { reuseMemory: true }))),
  entries: async () => entries,
});

/** Names a tree by the digest of what it is computed from, and computes it only where it is asked for. */
export const describedTree = (
  description: object,
  compute: () => Promise<readonly Entry[]>,
): NamedTree => ({
  digest: once(async () => digestOf(description)),
  entries: once(compute),
});

/** Sends a tree as an archive. */
export const inputOf = (tree: NamedTree): StepInput => ({
  digest: tree.digest,
  bytes: async () => writeTar(await tree.entries(), { reuseMemory: true }),
});

/** Writes a stream that can be read only once to `file`, which must not exist. Errors: NO_SPACE, IO. */
export async function spooledInput(
  source: AsyncIterable<Uint8Array>,
  file: string,
): Promise<StepInput> {
  const { bytes, sha256 } = hashedStream(source);
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw ioError(error, 'creating', file);
  });
  try {
    for await (const chunk of bytes) {
      await handle.writeFile(chunk).catch((error: unknown) => {
        throw ioError(error, 'writing', file);
      });
    }
  } finally {
    await handle.close();
  }
  const digest = sha256();
  return { digest: async () => digest, bytes: async () => createReadStream(file) };
}

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
 * Runs a step begun in its tree; undefined where there is none, and where something came out of it that
 * would not of a step that was sent its tree: there a folder can be renamed, and the names of a file stay those
 * of one, which no layer of an image grants.
 */
async function runBegun(
  { step, begun, output }: Work,
  { engine, folder, hold, visitor }: Workplace,
  io: Io,
): Promise<readonly Entry[] | undefined> {
  if (begun === undefined || visitor !== undefined) return undefined;
  const toolchain = await hold?.(begun.tree, io);
  if (toolchain === undefined) return undefined;
  const written = { file: join(folder, 'begun.tar'), source: output };
  try {
    const running = { ...step, argv: begun.argv, toolchain };
    const sent = await runOn(engine, running, begun, written, io);
    if (await begun.isAlike(sent)) return sent;
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
  io.emit({ type: 'log', stage: 'build', line: 'Once more, with the tree sent to the builder.' });
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

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { digestOf, type Json } from '../base/canonical-json.ts';
import { ioError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { hashedStream, sha256OfStream } from '../base/hash.ts';
import type { Step } from '../engines/step.ts';
import type { Entry } from '../tar/entry.ts';
import { writeTar } from '../tar/write.ts';
import type { ShellArgv } from './visitor.ts';

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

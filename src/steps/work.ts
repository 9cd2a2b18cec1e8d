import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type Json } from '../base/canonical-json.ts';
import { ioError } from '../base/errors.ts';
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

/** Work of one step that makes a tree, described by all that the tree is computed from. */
export interface Work {
  /** One word for people. */
  readonly does: string;
  /** Raised whenever the same description makes other bytes. */
  readonly version: number;
  readonly step: Omit<Step, 'toolchain' | 'input'>;
  /** The program that becomes a shell for a person where the step fails. */
  readonly shell: ShellArgv;
  readonly input: StepInput;
  /** The form of the step's output: a tar (the default), or bytes that are kept as one file. */
  readonly sends?: 'bytes';
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

/** Writes a stream to `file`, which must not exist; resolves to its length. Errors: NO_SPACE, IO. */
async function writeSpool(source: AsyncIterable<Uint8Array>, file: string): Promise<number> {
  let size = 0;
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw ioError(error, 'creating', file);
  });
  try {
    for await (const chunk of source) {
      size += chunk.length;
      await handle.writeFile(chunk).catch((error: unknown) => {
        throw ioError(error, 'writing', file);
      });
    }
  } finally {
    await handle.close();
  }
  return size;
}

/** Writes a stream that can be read only once to `file`, which must not exist. Errors: NO_SPACE, IO. */
export async function spooledInput(
  source: AsyncIterable<Uint8Array>,
  file: string,
): Promise<StepInput> {
  const { bytes, sha256 } = hashedStream(source);
  await writeSpool(bytes, file);
  const digest = sha256();
  return { digest: async () => digest, bytes: async () => createReadStream(file) };
}

/** The engine and the builder that a work runs on, and an empty folder of its own. */
export interface Workplace {
  readonly engine: Pick<Engine, 'runStep'>;
  readonly toolchain: ToolchainRef;
  readonly folder: string;
  /** Whoever is let into a step that fails. */
  readonly visitor?: Visitor | undefined;
}

/** Writes a stream to `file`, which must not exist, and returns it as the one entry of a tree. */
async function spoolBytes(source: AsyncIterable<Uint8Array>, file: string): Promise<Entry[]> {
  const size = await writeSpool(source, file);
  const owner = { mode: 0o644, uid: 0, gid: 0, mtime: 0, xattrs: [] };
  return [{ path: 'sent', type: 'file', ...owner, size, content: { file, offset: 0, size } }];
}

/** Runs a work's step and settles its output. Errors: as MakeTree. */
export async function runWork(
  { step, shell, input, output, sends, settle }: Work,
  { engine, toolchain, folder, visitor }: Workplace,
  io: Io,
): Promise<Settled> {
  const file = join(folder, 'sent.tar');
  const take = (stdout: AsyncIterable<Uint8Array>) =>
    sends === 'bytes' ? spoolBytes(stdout, file) : spoolTar(stdout, file, { source: output });
  const running = visitor === undefined ? step : stoppingStep(step, shell, visitor);
  const sent = await engine.runStep(
    { ...running, toolchain, input: await input.bytes() },
    take,
    io,
  );
  return settle(sent);
}

import { randomOf } from '../support/reseal/random.ts';
import type { Coverage } from './coverage.ts';
import { judge, judgeTimed } from './judge.ts';
import { minimised } from './minimise.ts';
import { mutator } from './mutate.ts';
import type { Accepted, Reader } from './reader.ts';

/** What a campaign is given, and whom it tells. */
export interface Campaign {
  readonly reader: Reader;
  /** Inputs to begin with. */
  readonly corpus: readonly Buffer[];
  readonly seconds: number;
  readonly seed: number;
  readonly coverage: Coverage;
  /** Makes those that reach new code short, to be kept; that takes a while. */
  readonly keeping: boolean;
  /** Told before each input is read, so that one that never ends is known. */
  readonly onInput: (input: Buffer) => void;
  /** Told of each input that reached new code. */
  readonly onNew: (input: Buffer) => void;
  readonly onProblem: (input: Buffer, problem: string) => void;
}

/** Counts of a campaign. */
export interface Summary {
  readonly inputs: number;
  readonly accepted: number;
  readonly compared: number;
  readonly blocks: number;
  readonly corpus: number;
}

/** Inputs between two looks at the coverage, each of which takes some milliseconds. */
const largestBatch = 128;
/** So many of a batch are held against other programs, which are slow. */
const mostCompared = 8;

/** Changes inputs, reads them, and goes on from those that reach new code, until the time is over. */
export async function campaign(settings: Campaign): Promise<Summary> {
  const { reader, seconds, seed, coverage, keeping, onInput, onNew, onProblem } = settings;
  const corpus = [...settings.corpus];
  const random = randomOf(seed);
  const next = mutator(reader);
  const counts = { inputs: 0, accepted: 0, compared: 0, blocks: 0 };
  const seen = new Set<string>();
  const end = performance.now() + seconds * 1000;
  const isOver = () => performance.now() >= end;

  const tell = (input: Buffer, problem: string) => {
    // One input for each problem: the first line and the place in the code tell them apart.
    const key = problem
      .replace(/[\d"'`].*$/m, '')
      .split('\n')
      .slice(0, 2)
      .join();
    if (!seen.has(key)) onProblem(input, problem);
    seen.add(key);
  };
  const read = async (input: Buffer): Promise<Accepted | undefined> => {
    onInput(input);
    counts.inputs += 1;
    const { accepted, meaning, problem } = await judgeTimed(reader, input);
    if (problem !== undefined) tell(input, problem);
    if (!accepted) return undefined;
    counts.accepted += 1;
    return { input, meaning };
  };
  const compare = async (accepted: readonly Accepted[]): Promise<void> => {
    if (reader.compare === undefined || accepted.length === 0) return;
    counts.compared += accepted.length;
    const differences = await reader.compare(accepted);
    for (const [at, difference] of differences.entries()) {
      if (difference !== undefined) tell(accepted[at]!.input, difference);
    }
  };
  const reach = async (inputs: readonly Buffer[]): Promise<boolean> => {
    for (const input of inputs) {
      onInput(input);
      await judge(reader, input);
    }
    return coverage.look() > 0;
  };
  /** Halves the inputs until one is left; undefined where they reach nothing new a second time. */
  const firstThatReaches = async (inputs: readonly Buffer[]): Promise<Buffer | undefined> => {
    if (isOver() || !(await reach(inputs))) return undefined;
    if (inputs.length === 1) return inputs[0];
    const half = Math.ceil(inputs.length / 2);
    return (await firstThatReaches(inputs.slice(0, half))) ?? firstThatReaches(inputs.slice(half));
  };

  const first: Accepted[] = [];
  for (const input of corpus) {
    const meant = await read(input);
    if (meant) first.push(meant);
  }
  await compare(first);
  coverage.look();
  counts.blocks += coverage.learn();
  for (let batchSize = 1; !isOver(); ) {
    const batch: Buffer[] = [];
    const accepted: Accepted[] = [];
    while (batch.length < batchSize && !isOver()) {
      const input = await next(corpus[random(corpus.length)]!, corpus, random);
      batch.push(input);
      const meant = await read(input);
      if (meant && accepted.length < mostCompared) accepted.push(meant);
    }
    const reached = coverage.look();
    batchSize = reached > 0 ? 1 : Math.min(largestBatch, batchSize * 2);
    if (reached > 0) {
      const input = batch.length === 1 ? batch[0] : await firstThatReaches(batch);
      if (input !== undefined) {
        const short = keeping ? await minimised(input, (each) => reach([each]), 60) : input;
        if (keeping) await reach([short]);
        corpus.push(short);
        onNew(short);
      }
      counts.blocks += coverage.learn();
    }
    await compare(accepted);
  }
  return { ...counts, corpus: corpus.length };
}

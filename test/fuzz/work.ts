import { parentPort, workerData } from 'node:worker_threads';
import { campaign, type Summary } from './campaign.ts';
import { kept } from './corpus.ts';
import { startCoverage } from './coverage.ts';
import { readers } from './readers/all.ts';

/** The work of a thread: one campaign. */
export interface Work {
  readonly reader: string;
  /** Folder that holds `corpus/`. */
  readonly folder: string;
  readonly seconds: number;
  readonly seed: number;
  readonly keeping: boolean;
  /** Number and length of the input that is being read, and its bytes: they survive the thread. */
  readonly counters: Int32Array;
  readonly current: Uint8Array;
}

/** Messages of a thread. */
export type Message =
  | { readonly kind: 'new'; readonly input: Uint8Array }
  | { readonly kind: 'problem'; readonly input: Uint8Array; readonly problem: string }
  | { readonly kind: 'end'; readonly summary: Summary };

/** Makes the campaign that this thread was started for. */
export async function work(): Promise<void> {
  const { reader: name, folder, seconds, seed, keeping, counters, current } = workerData as Work;
  const coverage = startCoverage(import.meta.url);
  const reader = readers.find((each) => each.name === name)!;
  const tell = (message: Message) => parentPort?.postMessage(message);
  const seeds = (await reader.seeds()).map((each) => Buffer.from(each));
  const summary = await campaign({
    ...{ reader, seconds, seed, keeping, coverage },
    corpus: [...seeds, ...kept(`${folder}/corpus`, name)],
    onInput: (input) => {
      current.set(input.subarray(0, current.length));
      Atomics.store(counters, 1, Math.min(input.length, current.length));
      Atomics.add(counters, 0, 1);
    },
    onNew: (input) => tell({ kind: 'new', input }),
    onProblem: (input, problem) => tell({ kind: 'problem', input, problem }),
  });
  coverage.stop();
  reader.close?.();
  tell({ kind: 'end', summary });
}

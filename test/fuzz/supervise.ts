import { Worker } from 'node:worker_threads';
import type { Summary } from './campaign.ts';
import { keep, mostKept, report } from './corpus.ts';
import type { Message, Work } from './work.ts';

/** Milliseconds after which an input is given up: the thread itself reports what takes a second. */
const longest = 20_000;
/** Bytes of memory that the whole process may take. */
const mostMemory = 2 * 1024 ** 3;
const heapMegabytes = 1024;

/** An input that broke something, on disk. */
export interface Found {
  readonly file: string;
  readonly problem: string;
}

/** How a campaign ended; without a summary when its thread was ended. */
export interface Ended {
  readonly summary: Summary | undefined;
  readonly findings: readonly Found[];
  readonly seconds: number;
}

type Settings = Pick<Work, 'reader' | 'folder' | 'seconds' | 'seed' | 'keeping'>;

/** Runs a campaign in a thread of its own, so that an input that never ends can be told and ended. */
export async function supervise(settings: Settings): Promise<Ended> {
  const { reader, folder, keeping } = settings;
  const counters = new Int32Array(new SharedArrayBuffer(8));
  const current = new Uint8Array(new SharedArrayBuffer(1024 * 1024));
  const workerData: Work = { ...settings, counters, current };
  const worker = new Worker(new URL(import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  const begin = performance.now();
  const findings: Found[] = [];
  let summary: Summary | undefined;
  const found = (input: Uint8Array, problem: string) => {
    findings.push({ file: report(`${folder}/findings`, reader, input), problem });
  };
  const giveUp = (problem: string) => {
    found(current.slice(0, Atomics.load(counters, 1)), problem);
    void worker.terminate();
  };
  worker.on('message', (message: Message) => {
    if (message.kind === 'end') summary = message.summary;
    else if (message.kind === 'problem') found(message.input, message.problem);
    else if (keeping && message.input.length <= mostKept) {
      keep(`${folder}/corpus`, reader, message.input);
    }
  });
  const watch = watching(counters, giveUp);
  await new Promise<void>((done) => {
    worker.on('error', (error) => giveUp(error.stack ?? error.message));
    worker.on('exit', () => done());
  });
  clearInterval(watch);
  return { summary, findings, seconds: (performance.now() - begin) / 1000 };
}

/** Calls `giveUp` when the same input is read for too long, or memory grows beyond all bounds. */
function watching(counters: Int32Array, giveUp: (problem: string) => void): NodeJS.Timeout {
  let last = { input: 0, since: performance.now() };
  return setInterval(() => {
    const input = Atomics.load(counters, 0);
    if (input !== last.input) last = { input, since: performance.now() };
    const memory = process.memoryUsage.rss();
    if (memory > mostMemory) giveUp(`The process has ${memory} bytes of memory.`);
    else if (performance.now() - last.since > longest && input > 0) {
      giveUp(`It was still being read after ${longest} ms.`);
    }
  }, 100);
}

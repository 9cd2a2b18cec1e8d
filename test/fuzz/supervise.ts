import { Worker } from 'node:worker_threads';
import type { Summary } from './campaign.ts';
import { keep, mostKept, report } from './corpus.ts';
import type { Message, Work } from './work.ts';

/**
 * Milliseconds of processor time, and of time at all, after which an input is given up. The thread itself
 * reports what takes a second; on a busy machine the second of these passes without much of the first.
 */
const longest = { busy: 20_000, waiting: 300_000 };
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
  let isGivenUp = false;
  const giveUp = (problem: string) => {
    if (isGivenUp) return;
    isGivenUp = true;
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

const busyTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Calls `giveUp` when the same input is read for too long, or memory grows beyond all bounds. */
function watching(counters: Int32Array, giveUp: (problem: string) => void): NodeJS.Timeout {
  const now = (input: number) => ({ input, busy: busyTime(), waiting: performance.now() });
  let last = now(0);
  return setInterval(() => {
    const current = now(Atomics.load(counters, 0));
    if (current.input !== last.input) last = current;
    const memory = process.memoryUsage.rss();
    if (memory > mostMemory) giveUp(`The process has ${memory} bytes of memory.`);
    const busy = current.busy - last.busy;
    const waiting = current.waiting - last.waiting;
    if (current.input > 0 && (busy > longest.busy || waiting > longest.waiting)) {
      giveUp(`It was still being read after ${busy} ms of processor time, ${waiting} ms at all.`);
    }
  }, 100);
}

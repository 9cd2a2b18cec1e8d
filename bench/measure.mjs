// Times and peak memory of commands, and how busy the machine is with other work.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Runs a command to its end; returns its result. Throws with all that it said when it fails. */
export function run(argv, options = {}) {
  const result = spawnSync(argv[0], argv.slice(1), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (result.status === 0) return result;
  const said = `${result.stdout}\n${result.stderr}`;
  throw new Error(`${argv.join(' ')} ended with ${result.status}\n${said}`);
}

/** Runs a command to its end; returns seconds of wall time. */
export function seconds(argv, options = {}) {
  const begin = performance.now();
  run(argv, options);
  return (performance.now() - begin) / 1000;
}

/** Peak resident memory of one process that loads peak.mjs, without its children, in megabytes. */
export function peakMegabytes(argv, options = {}) {
  const { stderr } = run(argv, options);
  const peak = /^peak-rss-kb=(\d+)$/m.exec(stderr)?.[1];
  if (!peak) throw new Error(`no peak in ${stderr}`);
  return (Number(peak) * 1024) / 1e6;
}

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Reads how much processor time there was so far, and how much of it was idle (proc(5), /proc/stat). */
function processorTime() {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { all: times.reduce((sum, each) => sum + each, 0), idle: times[3] + times[4] };
}

/** Resolves to the part of the processors, 0 to 1, that others use while this process waits for a second. */
export async function busyWithOthers() {
  const before = processorTime();
  await pause(1000);
  const after = processorTime();
  return 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

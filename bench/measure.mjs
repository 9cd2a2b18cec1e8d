// Times commands in turn, so that a machine whose speed drifts does the same to both.
import { spawnSync } from 'node:child_process';

/** Runs a command to its end; its output is shown when it fails. Returns seconds of wall time. */
export function seconds(argv, options = {}) {
  const begin = process.hrtime.bigint();
  const result = spawnSync(argv[0], argv.slice(1), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  const spent = Number(process.hrtime.bigint() - begin) / 1e9;
  if (result.status !== 0) {
    throw new Error(
      `${argv.join(' ')} ended with ${result.status}\n${result.stdout}\n${result.stderr}`,
    );
  }
  return spent;
}

/** Peak resident memory of one process, without its children, in megabytes. */
export function peakMegabytes(argv, options = {}) {
  const result = spawnSync(argv[0], argv.slice(1), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (result.status !== 0)
    throw new Error(`${argv.join(' ')} ended with ${result.status}\n${result.stderr}`);
  const peak = /^peak-rss-kb=(\d+)$/m.exec(result.stderr)?.[1];
  if (!peak) throw new Error(`no peak in ${result.stderr}`);
  return Number(peak) / 1000;
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

const spread = (numbers) =>
  `${median(numbers).toFixed(2)} (${Math.min(...numbers).toFixed(2)}–${Math.max(...numbers).toFixed(2)})`;

/**
 * Runs ours and theirs in turn and prints medians, ranges and the ratio of each pair.
 * `before` of a side is run before each of its turns and not timed.
 */
export function inTurn(title, runs, target, ours, theirs) {
  const times = { ours: [], theirs: [] };
  for (let turn = 0; turn < runs; turn++) {
    for (const [side, { run, before }] of Object.entries({ ours, theirs })) {
      before?.(turn);
      times[side].push(run(turn));
    }
  }
  const ratios = times.ours.map((time, turn) => time / times.theirs[turn]);
  console.log(`\n${title}`);
  console.log(`  ${ours.name}: ${spread(times.ours)} s`);
  console.log(`  ${theirs.name}: ${spread(times.theirs)} s`);
  console.log(`  ratio: ${spread(ratios)}; target at most ${target}`);
  return median(ratios);
}

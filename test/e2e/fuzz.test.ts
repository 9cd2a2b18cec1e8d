import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { timesOf } from '../support/proofs.ts';
import { root } from './support/mkbase.ts';

const seconds = timesOf('fuzzingSeconds');

test(
  `${seconds} seconds of fuzzing find nothing in any reader`,
  () => {
    const argv = [join(root, 'test/fuzz/fuzz.mjs'), 'all', '--seconds', String(seconds)];
    // A sample is the same each time; what one long run does not reach, that of another day may.
    const isLong = process.env.MKBASE_PROOFS === 'full';
    const seed = isLong ? Math.floor(Date.now() / 86_400_000) : 1;
    const run = spawnSync(process.execPath, [...argv, '--seed', String(seed)], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    process.stdout.write(run.stdout);
    expect(run.status, run.stdout + run.stderr).toBe(0);
  },
  (600 + seconds * 3) * 1000,
);

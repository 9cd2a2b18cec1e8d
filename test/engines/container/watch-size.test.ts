import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Cli } from '../../../src/engines/container/cli.ts';
import { watchSize } from '../../../src/engines/container/watch-size.ts';

/** A CLI that gives these answers to one question after another, the last one for ever. */
function cliOf(answers: readonly (string | undefined)[]) {
  const asked: string[] = [];
  const run = async (args: readonly string[]) => {
    const stdout = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(args.join(' '));
    return { ok: stdout !== undefined, stdout: stdout ?? '' };
  };
  return { asked, cli: { run } as unknown as Cli };
}

/** Until it holds; a test that waits in vain runs into its time limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(5);
}

test('a container that wrote more than its limit is stopped, once', async () => {
  const { cli, asked } = cliOf([undefined, '10\n', 'no number', '100\n', '101\n']);
  let stops = 0;
  const stop = async () => {
    stops += 1;
  };
  const watch = watchSize(cli, 'mkbase-1', 100, stop, 1);
  await until(() => watch.exceeded());
  await watch.end();
  expect(stops).toBe(1);
  expect(asked).toHaveLength(5);
  expect(asked[0]).toBe('container inspect --size --format {{.SizeRw}} mkbase-1');
});

test('one that stays within it is left alone, and asked about no more after the end', async () => {
  const { cli, asked } = cliOf(['100\n']);
  const watch = watchSize(cli, 'mkbase-1', 100, () => Promise.reject(new Error('stopped')), 1);
  await until(() => asked.length > 2);
  await watch.end();
  const before = asked.length;
  await setTimeout(20);
  expect(asked).toHaveLength(before);
  expect(watch.exceeded()).toBe(false);
});

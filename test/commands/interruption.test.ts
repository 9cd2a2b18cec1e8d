import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { bundle } from '../support/ui/bundle.ts';

let child: { folder: string; program: string };
beforeAll(async () => {
  child = await bundle('test/support/ui/interruption-child.ts');
});

/** Sends a signal, at once or `after` milliseconds, each time a line is seen; resolves to the exit code and all lines. */
async function run(
  cleanupMs: number,
  answers: Readonly<Record<string, NodeJS.Signals>>,
  after: Readonly<Record<string, number>> = {},
) {
  const started: ChildProcess = spawn(process.execPath, [child.program, String(cleanupMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  started.stdout?.on('data', (chunk: Buffer) => {
    const before = output;
    output += chunk.toString();
    for (const [line, signal] of Object.entries(answers)) {
      if (before.includes(line) || !output.includes(line)) continue;
      setTimeout(() => started.kill(signal), after[line] ?? 0);
    }
  });
  const [exitCode] = await once(started, 'close');
  return { exitCode, lines: output.trimEnd().split('\n') };
}

test('Ctrl-C lets the work clean up, and then exits with 130', async () => {
  expect(await run(50, { working: 'SIGINT' })).toEqual({
    exitCode: 130,
    lines: ['working', 'cleaning', 'clean'],
  });
});

test('SIGTERM does the same with 143', async () => {
  expect((await run(50, { working: 'SIGTERM' })).exitCode).toBe(143);
});

test('a terminal that is closed stops the work with 129', async () => {
  expect((await run(50, { working: 'SIGHUP' })).exitCode).toBe(129);
});

test('a second Ctrl-C does not wait for the cleanup', async () => {
  const signals = { working: 'SIGINT', cleaning: 'SIGINT' } as const;
  const { exitCode, lines } = await run(60_000, signals, { cleaning: 1000 });
  expect(exitCode).toBe(130);
  expect(lines).toEqual(['working', 'cleaning']);
});

test('one Ctrl-C that comes twice, as npx passes it on, still lets the work clean up', async () => {
  const { exitCode, lines } = await run(200, { working: 'SIGINT', cleaning: 'SIGINT' });
  expect(exitCode).toBe(130);
  expect(lines).toEqual(['working', 'cleaning', 'clean']);
});

test.each(['never', '0'])(
  'a file that is never read does not keep it: SIGTERM ends it as a signal does (%s)',
  async (cleanup) => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const started = spawn(process.execPath, [child.program, cleanup, pipe], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.stdout.once('data', () => started.kill('SIGTERM'));
    const [, signal] = await once(started, 'close');
    expect(signal).toBe('SIGTERM');
  },
);

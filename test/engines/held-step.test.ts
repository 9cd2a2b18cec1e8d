import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Entrance } from '../../src/engines/held-step.ts';
import type { Hold } from '../../src/engines/hold.ts';
import { pipeStep } from '../../src/engines/pipe-step.ts';
import type { Step } from '../../src/engines/step.ts';
import { busyboxToolchain } from '../support/toolchain.ts';

const io = { emit: () => {}, signal: new AbortController().signal };

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function drain(stdout: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const _ of stdout);
  return 'read';
}

interface Options {
  readonly seconds?: number;
  readonly enter?: Entrance['enter'];
  readonly when?: Hold['when'];
}

/** Runs a shell script as a step that may be entered; the shell ends with 3. Returns what the person saw. */
async function run(script: string, { seconds = 60, enter, when = 'failed' }: Options = {}) {
  const seen: unknown[] = [];
  const hold: Hold = {
    argv: ['sh'],
    when,
    terminal: 'xterm',
    before: async (failure) => void seen.push(failure?.code ?? 'ready'),
    after: (exitCode) => seen.push(exitCode),
  };
  const step: Step = {
    toolchain: busyboxToolchain('a'.repeat(64)),
    argv: ['true'],
    env: {},
    limits: { memoryBytes: 1024 ** 2, processes: 40, seconds, outputBytes: 1024 },
    capabilities: [],
    input: nothing(),
    hold,
  };
  const judge = {
    machine: 'linux/amd64' as const,
    engineFault: () => undefined,
    entrance: { enter: enter ?? (async () => 3) },
  };
  const command = { file: 'sh', args: ['-c', script], killSignal: 'SIGKILL' } as const;
  const ending = await pipeStep(step, command, drain, judge, io).catch((error: unknown) => error);
  return { seen, ending };
}

const stopped = (code: number) =>
  `echo 'a.c:1: error: bad' >&2; echo mkbase-held: ${code} >&2; exec sleep 60`;

test('a step that stopped is entered, and then ends with its own error', async () => {
  const { seen, ending } = await run(stopped(2));
  expect(seen).toEqual(['BUILD_FAILED', 3]);
  expect(ending).toMatchObject({
    code: 'BUILD_FAILED',
    message: expect.stringContaining(
      'it ended with exit code 2. Its last lines:\na.c:1: error: bad',
    ),
  });
});

test('a step that stopped without a failure is entered, and then has done its work', async () => {
  expect(await run(stopped(0), { when: 'ready' })).toEqual({
    seen: ['ready', 3],
    ending: 'read',
  });
});

test('a step that ends by itself is not entered', async () => {
  expect(await run('exit 0')).toEqual({ seen: [], ending: 'read' });
  expect(await run('exit 2')).toMatchObject({ seen: [], ending: { code: 'BUILD_FAILED' } });
});

test('a shell that cannot be opened does not hide why the step failed', async () => {
  const enter = async () => {
    throw new MkbaseError({ code: 'ENGINE_FAILED', message: 'no door' });
  };
  expect(await run(stopped(2), { enter })).toMatchObject({
    seen: ['BUILD_FAILED', 1],
    ending: { code: 'BUILD_FAILED' },
  });
  expect(await run(stopped(0), { enter, when: 'ready' })).toMatchObject({
    seen: ['ready', 1],
    ending: { code: 'ENGINE_FAILED' },
  });
});

test('the limit on time holds for the step', async () => {
  const { seen, ending } = await run('echo so far >&2; exec sleep 60', { seconds: 1 });
  expect(seen).toEqual([]);
  expect(ending).toMatchObject({
    message: expect.stringMatching(/longer than 1 seconds.*\nso far$/),
  });
});

test('the limit on time does not hold for the shell', async () => {
  const later = new Promise<number>((resolve) => setTimeout(() => resolve(0), 1500));
  const enter: Entrance['enter'] = (_, ended) => Promise.race([ended, later]);
  expect(await run(stopped(0), { seconds: 1, enter, when: 'ready' })).toEqual({
    seen: ['ready', 0],
    ending: 'read',
  });
});

test('a program that says that the step has stopped gets nobody to come, and no success', async () => {
  const { seen, ending } = await run('echo mkbase-held: 0 >&2; exit 2');
  expect(seen).toEqual([]);
  expect(ending).toMatchObject({ code: 'BUILD_FAILED' });
});

test('a step that ends before it is entered tells its end', async () => {
  const enter: Entrance['enter'] = async (_, ended) => ended;
  const dying = 'echo mkbase-held: 0 >&2; exec sh -c "kill -9 \\$\\$"';
  expect((await run(dying, { enter, when: 'ready' })).seen).toEqual(['ready', 1]);
});

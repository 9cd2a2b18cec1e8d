import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { noOverrun, type Overrun } from '../../src/engines/overrun.ts';
import { pipeStep } from '../../src/engines/pipe-step.ts';
import type { Step } from '../../src/engines/step.ts';
import { diagnoseRun } from '../../src/steps/failure/diagnose.ts';
import { failedRun } from '../../src/steps/failure/run-in-rootfs.ts';
import { busyboxToolchain } from '../support/toolchain.ts';

const io = { emit: () => {}, signal: new AbortController().signal };

async function* nothing(): AsyncGenerator<Uint8Array> {}

const step: Step = {
  toolchain: busyboxToolchain('a'.repeat(64)),
  argv: ['true'],
  env: {},
  limits: { memoryBytes: 64 * 1024 ** 2, processes: 40, seconds: 60, outputBytes: 1024 },
  capabilities: [],
  input: nothing(),
};

async function drain(stdout: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const _ of stdout);
  return 'read';
}

/** Runs a shell script as a step; the kernel counted `overrun`, and the engine calls an end by a signal its fault. */
function run(script: string, overrun?: Overrun) {
  const judge = {
    machine: 'linux/amd64' as const,
    engineFault: ({ exitCode }: { readonly exitCode: number | undefined }) =>
      exitCode === undefined
        ? new MkbaseError({ code: 'ENGINE_FAILED', message: 'the engine' })
        : undefined,
    ...(overrun && { overrun: async () => overrun }),
  };
  return pipeStep(
    { ...step, diagnosis: diagnoseRun(failedRun([], false)) },
    { file: 'sh', args: ['-c', script] },
    drain,
    judge,
    io,
  );
}

const memory = { ...noOverrun, memory: true };
const processes = { ...noOverrun, processes: true };

test.each([
  ['kill -KILL $$', memory, 'it was killed, since it took more than its limit of 64 MiB of memory'],
  ['exit 137', memory, 'it was killed, since it took more than its limit of 64 MiB of memory'],
  [
    'echo "cc1plus: Killed" >&2; exit 2',
    memory,
    'it ended with exit code 2, and it took more than its limit of 64 MiB of memory. Its last lines:\ncc1plus: Killed',
  ],
  [
    'exit 1',
    processes,
    'it ended with exit code 1, and it wanted more than its limit of 40 processes',
  ],
  [
    'exit 137',
    undefined,
    'it was killed, most likely for taking more than its limit of 64 MiB of memory',
  ],
])(
  'a step that ends with `%s` after the kernel counted %j is told the limit',
  async (script, overrun, message) => {
    await expect(run(script, overrun)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('`jobs`'),
    });
  },
);

test('an end by a signal with no limit hit is still the engine’s fault', async () => {
  await expect(run('kill -KILL $$', noOverrun)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
});

test('a failure with no limit hit names no limit', async () => {
  await expect(run('exit 3', noOverrun)).rejects.toMatchObject({
    message: expect.not.stringContaining('limit'),
  });
});

test('a step that succeeds although it was refused a process is no failure', async () => {
  expect(await run('exit 0', processes)).toBe('read');
});

const noise = 'for n in $(seq 60); do echo "line $n" >&2; done';

async function messageOf(script: string): Promise<string> {
  return run(script).then(
    () => '',
    (error: MkbaseError) => error.message,
  );
}

test('an error far above is shown with what stands around it, and then the end of the log', async () => {
  const message = await messageOf(`echo cc >&2; echo "a.c:1: error: bad" >&2; ${noise}; exit 2`);
  const lines = message.split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'The build in builder busybox-test failed: it ended with exit code 2. Its first error:',
    '  cc',
    '> a.c:1: error: bad',
    '  line 1',
  ]);
  expect(lines.slice(11, 13)).toEqual(['Its last lines:', 'line 51']);
  expect(lines.at(-1)).toBe('line 60');
});

test('an error near the end is shown once, with all that came after it', async () => {
  const message = await messageOf(
    `${noise}; echo "a.c:1: error: bad" >&2; echo "make: *** [a.o] Error 1" >&2; exit 2`,
  );
  expect(message.split('\n').slice(1)).toEqual([
    ...[57, 58, 59, 60].map((each) => `  line ${each}`),
    '> a.c:1: error: bad',
    '  make: *** [a.o] Error 1',
  ]);
});

test('a log without an error is shown by its last lines', async () => {
  expect(await messageOf(`${noise}; exit 2`)).toContain('Its last lines:\nline 21\n');
});

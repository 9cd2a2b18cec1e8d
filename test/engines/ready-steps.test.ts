import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Io } from '../../src/base/events.ts';
import { runCommand } from '../../src/base/run-command.ts';
import type { Engine } from '../../src/engines/engine.ts';
import type { Hold } from '../../src/engines/hold.ts';
import { pipeStep } from '../../src/engines/pipe-step.ts';
import { lineOf, readySteps } from '../../src/engines/ready-steps.ts';
import type { Step } from '../../src/engines/step.ts';
import { busyboxToolchain } from '../support/toolchain.ts';

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const stepOf = (script: string, more: Partial<Step> = {}): Step => ({
  toolchain: busyboxToolchain('a'.repeat(64)),
  argv: ['/bin/sh', '-euc', script],
  env: { GREETING: "it's\na \\n \\c line" },
  limits: { memoryBytes: 64 * 1024 ** 2, processes: 40, seconds: 60, outputBytes: 4096 },
  capabilities: [],
  input: bytes('the input'),
  ...more,
});

async function textOf(stdout: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stdout) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** An engine whose containers are processes of this machine, and what it started. */
function localEngine() {
  const started: Step[] = [];
  const runStep: Engine['runStep'] = (step, consume, io) => {
    started.push(step);
    const [file, ...args] = step.argv;
    const command = { file, args, env: step.env };
    return pipeStep(
      step,
      command,
      consume,
      { machine: 'linux/amd64', engineFault: () => undefined },
      io,
    );
  };
  return { started, engine: { name: 'namespace', runStep } as unknown as Engine };
}

function listening(signal = new AbortController().signal) {
  const lines: string[] = [];
  const io: Io = { emit: (event) => event.type === 'log' && lines.push(event.line), signal };
  return { io, lines };
}

const script = 'cat; printf " %s" "$GREETING"; echo told >&2';
const output = "the input it's\na \\n \\c line";

/** Runs a step twice, the second time in what is ready since the first. */
async function twice(second: Step, io = listening().io) {
  const { started, engine } = localEngine();
  const ready = readySteps();
  const own = ready.with(engine);
  await own.runStep(stepOf(script), textOf, listening().io);
  await ready.refill();
  await pause(50);
  const before = started.length;
  const result = own.runStep(second, textOf, io).finally(() => ready.close());
  return { result, before, started };
}

test('a step of a shape that ran before runs in what is ready, and comes to the same', async () => {
  const { io, lines } = listening();
  const { result, before, started } = await twice(stepOf(script), io);
  expect(before).toBe(2);
  expect(await result).toBe(output);
  expect(lines).toEqual(['told']);
  expect(started).toHaveLength(2);
});

test('a step with another limit runs by itself', async () => {
  const limits = { ...stepOf('').limits, memoryBytes: 65 * 1024 ** 2 };
  const { result, started } = await twice(stepOf(script, { limits }));
  expect(await result).toBe(output);
  expect(started).toHaveLength(3);
});

const hold: Hold = {
  ...{ argv: ['sh'], when: 'failed', terminal: 'dumb' },
  before: async () => {},
  after: () => {},
};

test.each([
  ['is to be entered when it fails', { hold }],
  ['tells its exit code', { ended: () => {} }],
])('a step that %s runs by itself', async (_, more) => {
  const { result, started } = await twice(stepOf(script, more));
  expect(await result).toBe(output);
  expect(started).toHaveLength(3);
});

test('a failure in what is ready is told as any other', async () => {
  const { result } = await twice(stepOf('echo wrong >&2; exit 3'));
  await expect(result).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    message: expect.stringMatching(/exit code 3\. Its last lines:\nwrong$/),
  });
});

test('time is counted from the moment at which a step is given', async () => {
  const limits = { ...stepOf('').limits, seconds: 1 };
  const { engine } = localEngine();
  const ready = readySteps();
  const own = ready.with(engine);
  await own.runStep(stepOf('true', { limits }), textOf, listening().io);
  await ready.refill();
  await pause(1500);
  const { io } = listening();
  expect(await own.runStep(stepOf(script, { limits }), textOf, io)).toBe(output);
  await own.runStep(stepOf('true', { limits }), textOf, io);
  await ready.refill();
  const late = own.runStep(stepOf('echo so far >&2; exec sleep 30', { limits }), textOf, io);
  await expect(late).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    message: expect.stringMatching(/it took longer than 1 seconds.*\nso far$/),
  });
  await ready.close();
});

test('whoever gave a step can interrupt it', async () => {
  const controller = new AbortController();
  const { result } = await twice(stepOf('exec sleep 30'), listening(controller.signal).io);
  controller.abort(new MkbaseError({ code: 'INTERRUPTED', message: 'Stopped.' }));
  await expect(result).rejects.toMatchObject({ code: 'INTERRUPTED', message: 'Stopped.' });
});

test('what has ended by itself is replaced by a step of its own', async () => {
  const { started, engine } = localEngine();
  const broken = {
    ...engine,
    // The second is the one that waits; a daemon that is started anew ends it.
    runStep: ((step, consume, io) =>
      engine.runStep(
        started.length === 1 ? { ...step, argv: ['true'] } : step,
        consume,
        io,
      )) as Engine['runStep'],
  };
  const ready = readySteps();
  const own = ready.with(broken);
  await own.runStep(stepOf(script), textOf, listening().io);
  await ready.refill();
  await pause(300);
  expect(await own.runStep(stepOf(script), textOf, listening().io)).toBe(output);
  expect(started).toHaveLength(3);
  await ready.close();
});

test('what has closed its output is not used, though its end is not told yet', async () => {
  const { started, engine } = localEngine();
  const lingering = {
    ...engine,
    runStep: ((step, consume, io) =>
      engine.runStep(
        started.length === 1
          ? { ...step, argv: ['/bin/sh', '-c', 'exec >/dev/null; exec sleep 20'] }
          : step,
        consume,
        io,
      )) as Engine['runStep'],
  };
  const ready = readySteps();
  const own = ready.with(lingering);
  await own.runStep(stepOf(script), textOf, listening().io);
  await ready.refill();
  await pause(300);
  expect(await own.runStep(stepOf(script), textOf, listening().io)).toBe(output);
  expect(started).toHaveLength(3);
  await ready.close();
});

test('what waits ends when it is closed, and when no step of its shape ran in the last turn', async () => {
  const { started, engine } = localEngine();
  const ready = readySteps();
  const own = ready.with(engine);
  await own.runStep(stepOf(script), textOf, listening().io);
  await ready.refill();
  const other = stepOf(script, { capabilities: ['CAP_CHOWN'] });
  await own.runStep(other, textOf, listening().io);
  await ready.refill();
  expect(started).toHaveLength(4);
  await ready.close();
  // Nothing waits any more: a step starts by itself.
  expect(await own.runStep(stepOf(script), textOf, listening().io)).toBe(output);
  expect(started).toHaveLength(5);
});

test('the line of a step is one line, and a shell makes the same words of it', async () => {
  const word = fc.string({ unit: fc.constantFrom("'", '\\', '\n', 'n', 'c', '0', '$', '"', ' ') });
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), async (words) => {
      const argv = ['printf', '%s|', ...words] as const;
      const line = lineOf({ argv, env: { A: words[0]! } });
      expect(line.indexOf('\n')).toBe(line.length - 1);
      const waiting = 'IFS= read -r line && eval "$(printf %b "$line")"';
      const result = await runCommand({ file: 'sh', args: ['-c', waiting], input: bytes(line) });
      expect(result.stdout).toBe(words.map((each) => `${each}|`).join(''));
    }),
    { numRuns: 40 },
  );
});

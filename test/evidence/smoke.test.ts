import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Engine, RunnableImage, RunOptions, RunResult } from '../../src/engines/engine.ts';
import { smokeTest } from '../../src/evidence/smoke.ts';
import { notRunWarning, requirePassed, tally } from '../../src/evidence/test-outcome.ts';
import { smokeTest as schema } from '../../src/recipe/schema/schema.ts';
import { quietIo } from '../support/image.ts';

const image: RunnableImage = { kind: 'stored', id: 'sha256:1', platform: 'linux/amd64' };

/** An engine whose containers end as `answer` says. */
const engineThat = (answer: (options: RunOptions) => Partial<RunResult> | Promise<never>) =>
  ({
    platform: 'linux/amd64',
    openImage: () => ({
      run: async (options: RunOptions) => ({
        exitCode: 0,
        stdout: '',
        stderr: '',
        timedOut: false,
        ...(await answer(options)),
      }),
      close: async () => {},
    }),
  }) as unknown as Engine;

const run = (tests: object[], answer: Parameters<typeof engineThat>[0]) =>
  smokeTest(
    tests.map((each) => schema.parse(each)),
    image,
    engineThat(answer),
    quietIo(),
  );

describe('smokeTest', () => {
  test('passes what ended and printed as stated', async () => {
    const tests = [
      { run: [], stdout: 'Hello' },
      { run: ['-x'], exit: 3, stderr: 'usage' },
    ];
    const outcomes = await run(tests, ({ args }) =>
      args ? { exitCode: 3, stderr: 'usage: hello' } : { stdout: 'Hello, world' },
    );
    expect(outcomes).toEqual([
      { command: "(the image's own command)", passed: true },
      { command: '-x', passed: true },
    ]);
  });

  test('hands the run its arguments, entrypoint, environment, input and time, and no network', async () => {
    const seen: RunOptions[] = [];
    await run(
      [
        { run: ['a'], entrypoint: ['/sh'], env: { A: 'b' }, stdin: 'in', timeout: '500ms' },
        { run: [] },
      ],
      (options) => {
        seen.push(options);
        return {};
      },
    );
    expect(seen).toEqual([
      {
        args: ['a'],
        entrypoint: ['/sh'],
        env: { A: 'b' },
        stdin: 'in',
        timeoutSeconds: 0.5,
        stdio: 'capture',
        network: 'none',
      },
      { env: {}, timeoutSeconds: 30, stdio: 'capture', network: 'none' },
    ]);
  });

  test('says all that was expected and what was found', async () => {
    const tests = [
      { run: ['--greet', "it's"], env: { A: 'b c' }, stdout: 'Hello', stderr: 'warn' },
    ];
    const [outcome] = await run(tests, () => ({ exitCode: 127, stdout: 'Hallo\n' }));
    expect(outcome).toEqual({
      command: "A='b c' --greet 'it'\\''s'",
      passed: false,
      problem: [
        'exit code expected 0, found 127',
        'standard output does not contain "Hello"',
        'standard error does not contain "warn"',
        'stdout: Hallo',
        'stderr: (nothing)',
      ].join('\n'),
    });
  });

  test('names the time of a run that was stopped, and not the exit code that stopping gave it', async () => {
    const [outcome] = await run([{ run: [], timeout: '2s' }], () => ({
      timedOut: true,
      exitCode: 137,
    }));
    expect(outcome?.problem).toMatch(/^took longer than 2s and was stopped\nstdout/);
    expect(outcome?.problem).not.toContain('137');
  });

  test('cuts long output', async () => {
    const [outcome] = await run([{ run: [], exit: 1 }], () => ({ stdout: 'x'.repeat(100_000) }));
    expect(outcome?.problem?.length).toBeLessThan(1000);
    expect(outcome?.problem).toContain('(100000 characters)');
  });

  test("keeps the recipe's order and runs no more than two at a time", async () => {
    let running = 0;
    let most = 0;
    const tests = Array.from({ length: 7 }, (_, at) => ({ run: [`${at}`] }));
    const outcomes = await run(tests, async ({ args }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 7 - Number(args?.[0])));
      running -= 1;
      return {} as never;
    });
    expect(outcomes.map(({ command }) => command)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(most).toBe(2);
  });

  test('does not take an engine that failed for a failed test, and leaves no run behind', async () => {
    let ended = false;
    const failure = new MkbaseError({ code: 'ENGINE_FAILED', message: 'gone' });
    const running = run([{ run: ['1'] }, { run: ['2'] }], async ({ args }) => {
      if (args?.[0] === '1') throw failure;
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended = true;
      return {} as never;
    });
    await expect(running).rejects.toBe(failure);
    expect(ended).toBe(true);
  });
});

describe('an image for another platform', () => {
  const foreign = { ...image, platform: 'linux/s390x' } as const;
  const refused = { exitCode: 1, stderr: 'exec user process caused: exec format error' };
  const runForeign = (answer: Partial<RunResult>) =>
    smokeTest(
      [schema.parse({ run: [] })],
      foreign,
      engineThat(() => answer),
      quietIo(),
    );

  test('that cannot be run here has tests that neither passed nor failed', async () => {
    const outcomes = await runForeign(refused);
    expect(outcomes).toEqual([
      {
        command: "(the image's own command)",
        ...{ passed: false, notRun: true },
        problem: 'this machine cannot run programs for linux/s390x',
      },
    ]);
    requirePassed(outcomes);
    expect(tally(outcomes)).toBe('1 not run');
    expect(notRunWarning(outcomes)).toMatchObject({
      code: 'tests-not-run',
      message:
        '1 of 1 tests of the image were not run: this machine cannot run programs for linux/s390x.',
    });
  });

  test('that is emulated passes and fails as any other', async () => {
    expect(await runForeign({})).toEqual([{ command: "(the image's own command)", passed: true }]);
    const [failed] = await runForeign({ exitCode: 1, stdout: 'started', stderr: refused.stderr });
    expect(failed).toMatchObject({ passed: false });
    expect(failed?.notRun).toBeUndefined();
  });

  test('is told apart from a broken program for the machine itself', async () => {
    const [outcome] = await run([{ run: [] }], () => refused);
    expect(outcome?.notRun).toBeUndefined();
    expect(() => requirePassed([outcome!])).toThrow('1 of 1 tests of the image failed');
  });

  test('counts what passed and what was not run', () => {
    const passed = { command: 'a', passed: true };
    const left = { command: 'b', passed: false, notRun: true, problem: 'x' } as const;
    expect(tally([])).toBe('0 passed');
    expect(tally([passed])).toBe('1 passed');
    expect(tally([passed, left])).toBe('1 passed, 1 not run');
    expect(notRunWarning([passed])).toBeUndefined();
  });
});

describe('requirePassed', () => {
  test('accepts what passed', () => {
    requirePassed([{ command: 'a', passed: true }]);
    requirePassed([]);
  });

  test('lists every failure with its command and its reasons', () => {
    const outcomes = [
      { command: 'a', passed: false, problem: 'one\ntwo' },
      { command: 'b', passed: true },
      { command: 'c', passed: false, problem: 'three' },
    ];
    expect(() => requirePassed(outcomes)).toThrow(
      expect.objectContaining({
        code: 'TEST_FAILED',
        message:
          '2 of 3 tests of the image failed; nothing was tagged.\n  a\n    one\n    two\n  c\n    three',
        hint: expect.stringContaining('--no-test'),
      }),
    );
  });
});

import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { shellWord } from '../base/shell-word.ts';
import type { Engine, OpenImage, RunnableImage, RunResult } from '../engines/engine.ts';
import { seconds } from '../image/process-config.ts';
import type { SmokeTest } from '../recipe/schema/schema.ts';

/** The outcome of one smoke test. */
export interface TestOutcome {
  /** The command as a person would type it. */
  readonly command: string;
  readonly passed: boolean;
  /** Reason of a failure. */
  readonly problem?: string;
}

/** Containers start mostly by waiting for the engine, so two overlap well on any machine. */
const atOnce = 2;

/** Returns the command of a test as a person would type it. */
export function commandOf({ run, entrypoint = [], env }: SmokeTest): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const words = [...entrypoint, ...run].map(shellWord);
  return [...variables, ...(words.length === 0 ? ["(the image's own command)"] : words)].join(' ');
}

/** Characters of an output that are shown: enough to recognise it, few enough to read. */
const excerptLength = 600;

function excerpt(output: string): string {
  if (output === '') return '(nothing)';
  if (output.length <= excerptLength) return output.trimEnd();
  return `${output.slice(0, excerptLength)}… (${output.length} characters)`;
}

const missing = (name: string, expected: string | undefined, found: string) =>
  expected === undefined || found.includes(expected)
    ? []
    : [`${name} does not contain ${JSON.stringify(expected)}`];

function problemOf(test: SmokeTest, result: RunResult): string | undefined {
  const problems = result.timedOut
    ? [`took longer than ${test.timeout} and was stopped`]
    : [
        ...(result.exitCode === test.exit
          ? []
          : [`exit code expected ${test.exit}, found ${result.exitCode}`]),
        ...missing('standard output', test.stdout, result.stdout),
        ...missing('standard error', test.stderr, result.stderr),
      ];
  if (problems.length === 0) return undefined;
  return [
    ...problems,
    `stdout: ${excerpt(result.stdout)}`,
    `stderr: ${excerpt(result.stderr)}`,
  ].join('\n');
}

async function runTest(test: SmokeTest, image: OpenImage, io: Io): Promise<TestOutcome> {
  const options = {
    ...(test.run.length > 0 && { args: test.run }),
    ...(test.entrypoint && { entrypoint: test.entrypoint }),
    ...(test.stdin !== undefined && { stdin: test.stdin }),
    env: test.env,
    timeoutSeconds: seconds(test.timeout),
    stdio: 'capture',
    network: 'none',
  } as const;
  const command = commandOf(test);
  const problem = problemOf(test, await image.run(options, io));
  return problem === undefined ? { command, passed: true } : { command, passed: false, problem };
}

/**
 * Runs a recipe's tests on the finished image, without network, two at a time; outcomes are in the
 * recipe's order. A test that fails is an outcome; ENGINE_FAILED means that one could not be run.
 */
export async function smokeTest(
  tests: readonly SmokeTest[],
  image: RunnableImage,
  engine: Engine,
  io: Io,
): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  const waiting = tests.entries();
  const opened = engine.openImage(image);
  const worker = async () => {
    for (const [at, test] of waiting) outcomes[at] = await runTest(test, opened, io);
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  await opened.close();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return outcomes;
}

/** Throws TEST_FAILED with every failure, if any test failed. */
export function requirePassed(outcomes: readonly TestOutcome[]): void {
  const failed = outcomes.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const list = failed.map(({ command, problem = '' }) =>
    `${command}\n${problem}`.replaceAll('\n', '\n    '),
  );
  throw new MkbaseError({
    code: 'TEST_FAILED',
    message: `${failed.length} of ${outcomes.length} tests of the image failed; nothing was tagged.\n  ${list.join('\n  ')}`,
    hint: "Correct the program or the recipe's test, or see the image as it is with --no-test.",
  });
}

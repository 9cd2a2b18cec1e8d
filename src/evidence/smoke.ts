import type { Io } from '../base/events.ts';
import type { PlatformName } from '../base/platform.ts';
import { shellWord } from '../base/shell-word.ts';
import type { Engine, OpenImage, RunnableImage, RunResult } from '../engines/engine.ts';
import { seconds } from '../image/process-config.ts';
import type { SmokeTest } from '../recipe/schema/schema.ts';
import type { TestOutcome } from './test-outcome.ts';

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

/** An image that is ready to be run, and whether it is for another platform than the engine's machine. */
interface Tried {
  readonly image: OpenImage;
  readonly platform: PlatformName;
  readonly isForeign: boolean;
}

/** Recognises ENOEXEC (execve(2)) of the image's own program, which therefore printed nothing itself. */
const cannotRun = ({ exitCode, timedOut, stdout, stderr }: RunResult): boolean =>
  exitCode !== 0 && !timedOut && stdout === '' && /exec format error/i.test(stderr);

async function runTest(test: SmokeTest, tried: Tried, io: Io): Promise<TestOutcome> {
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
  const result = await tried.image.run(options, io);
  if (tried.isForeign && cannotRun(result)) {
    const problem = `this machine cannot run programs for ${tried.platform}`;
    return { command, passed: false, notRun: true, problem };
  }
  const problem = problemOf(test, result);
  return problem === undefined ? { command, passed: true } : { command, passed: false, problem };
}

/**
 * Runs a recipe's tests on the finished image, without network, two at a time; outcomes are in the
 * recipe's order. A test that fails is an outcome, and so is one of an image for another platform that the
 * machine does not emulate; ENGINE_FAILED means that the engine could not run one.
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
  const { platform } = image;
  const tried = { image: opened, platform, isForeign: platform !== engine.platform };
  const worker = async () => {
    for (const [at, test] of waiting) outcomes[at] = await runTest(test, tried, io);
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  await opened.close();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return outcomes;
}

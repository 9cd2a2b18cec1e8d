import { MkbaseError } from '../base/errors.ts';
import type { Warning } from '../base/events.ts';
import { emulation } from '../base/platform.ts';

/** The outcome of one smoke test. */
export interface TestOutcome {
  /** The command as a person would type it. */
  readonly command: string;
  readonly passed: boolean;
  /** Set where the machine cannot run the image's programs: the test has neither passed nor failed. */
  readonly notRun?: true;
  /** Reason of a failure, or why it was not run. */
  readonly problem?: string;
}

/** Says how many tests passed, and how many could not be run. */
export function tally(outcomes: readonly TestOutcome[]): string {
  const notRun = outcomes.filter((each) => each.notRun).length;
  const passed = outcomes.filter((each) => each.passed).length;
  return [
    ...(passed > 0 || notRun === 0 ? [`${passed} passed`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ].join(', ');
}

/** Warns that tests of an image were not run, if any were not. */
export function notRunWarning(outcomes: readonly TestOutcome[]): Warning | undefined {
  const left = outcomes.filter(({ notRun }) => notRun);
  const [first] = left;
  if (first === undefined) return undefined;
  return {
    code: 'tests-not-run',
    message: `${left.length} of ${outcomes.length} tests of the image were not run: ${first.problem}.`,
    advice: `${emulation} Or run the tests on such a machine.`,
  };
}

/** Throws TEST_FAILED with every failure, if any test failed. */
export function requirePassed(outcomes: readonly TestOutcome[]): void {
  const failed = outcomes.filter(({ passed, notRun }) => !passed && !notRun);
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

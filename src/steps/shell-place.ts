import { holdFunction } from '../engines/hold.ts';
import type { Step } from '../engines/step.ts';
import type { ShellArgv, Visitor } from './visitor.ts';
import type { StepInput } from './work.ts';

/** A place that a person or a command is let into as a step of the recipe finds it. */
export interface ShellPlace {
  /** The step that prepares the place, but for its program. */
  readonly step: Omit<Step, 'toolchain' | 'input' | 'argv'>;
  readonly input: StepInput;
  /** POSIX shell, run with `set -eu`, that prepares the place and goes there. */
  readonly prepare: string;
  /** POSIX shell that becomes the command `"$@"`, which prints on the step's stdout. */
  readonly command: string;
  /** POSIX shell that becomes a shell with the arguments `"$@"`. */
  readonly shell: string;
  readonly argv: ShellArgv;
}

/** What is asked for in a place: a command's words, or the text of a script. */
export type Asked = { readonly words: readonly string[] } | { readonly script: string };

type PlacedStep = Omit<Step, 'toolchain' | 'input'>;

/** Makes the step that runs a command or a script in a place. */
export function commandStep(
  { step, prepare, command, shell }: ShellPlace,
  asked: Asked,
): PlacedStep {
  const [become, words] = 'words' in asked ? [command, asked.words] : [shell, ['-c', asked.script]];
  return { ...step, argv: ['/bin/sh', '-euc', `${prepare}\n${become}`, 'sh', ...words] };
}

/** Makes the step that prepares a place and stops there, for a person to enter. */
export const visitedStep = ({ step, prepare, argv }: ShellPlace, visitor: Visitor): PlacedStep => ({
  ...step,
  argv: ['/bin/sh', '-euc', `${holdFunction}\n${prepare}\nhold 0`],
  hold: { ...visitor, argv, when: 'ready' },
});

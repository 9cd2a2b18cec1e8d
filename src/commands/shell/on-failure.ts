import { MkbaseError } from '../../base/errors.ts';
import { onTerminal } from '../../engines/on-terminal.ts';
import type { BuildRequest } from '../../pipeline/request.ts';
import type { Ui } from '../../ui/ui.ts';
import type { BuildOptions, OutcomeOptions } from '../build-request.ts';
import type { CommandContext } from '../command-context.ts';
import { greetingAfterFailure, visitorFor } from './visitor.ts';

type Options = BuildOptions & OutcomeOptions;

/** Refuses `--on-failure shell` where nobody could use the shell, before anything is begun: USAGE. */
export function checkOnFailure(options: Options, recipes = 1): void {
  if (options.onFailure === undefined) return;
  const refuse = (message: string, hint: string) => {
    throw new MkbaseError({ code: 'USAGE', message: `--on-failure shell: ${message}`, hint });
  };
  if (recipes > 1) {
    refuse(`the shell is for one recipe, but ${recipes} are given.`, 'Call mkbase once for each.');
  }
  if (options.json || options.progress === 'rawjson') {
    refuse('a shell would print between what a program reads.', 'Leave out --json and rawjson.');
  }
  if (!onTerminal()) {
    refuse(
      'a shell needs a terminal on stdin and stdout.',
      'Leave the option out; `mkbase shell RECIPE -- COMMAND` needs no terminal.',
    );
  }
}

/** Returns the part of a request that lets a person into a step that fails; the error is shown before. */
export const visitingFailures = (
  { onFailure }: BuildOptions,
  ui: Ui,
  context: CommandContext,
): Pick<BuildRequest, 'visitor'> => {
  if (onFailure === undefined) return {};
  const before = async (failure: MkbaseError | undefined) => {
    await ui.fail(failure);
    context.stderr.write(`\n${greetingAfterFailure}`);
  };
  return { visitor: visitorFor(context, before) };
};

import type { Command, CommandResult } from '../../base/run-command/command.ts';
import { runAttached } from '../../base/run-command.ts';
import { quoteWord } from '../../base/shell-word.ts';
import { onTerminal } from '../on-terminal.ts';
import { isInstalled } from './tools.ts';

/** Opens pseudo-terminals (util-linux; on Debian in bsdutils, which every system has). */
export const terminalTool = 'script';

/** Writes a command as a shell reads it. */
export const shellLine = (argv: readonly string[]): string => argv.map(quoteWord).join(' ');

/** Makes the command that runs another on a pseudo-terminal; `echo`: as script(1) takes it. Both die with mkbase. */
export const onPseudoTerminal = (argv: readonly string[], echo: 'auto' | 'always'): string[] => [
  ...['setpriv', '--pdeathsig', 'KILL', terminalTool, '--quiet', '--return', '--echo', echo],
  ...['--command', `exec ${shellLine(argv)}`, '/dev/null'],
];

/**
 * Makes the command that runs another on a pseudo-terminal of its own and stands between it and
 * mkbase's terminal: script(1) passes on what is typed, what is printed and the size of the window.
 * The shell that script(1) calls becomes the command. Both die with mkbase.
 */
export function throughTerminal({ file, args, ...command }: Command): Command {
  const [program = '', ...rest] = onPseudoTerminal([file, ...args], 'auto');
  return { ...command, file: program, args: rest };
}

/**
 * Runs a command that a person talks to: on a terminal of its own where mkbase has one, so that it
 * can neither change the person's nor type into it. A script(1) that is killed cannot give the
 * person's terminal back as it was: Node does, which keeps the settings it was started with.
 */
export async function runTalking(command: Command): Promise<CommandResult> {
  if (!onTerminal() || !(await isInstalled(terminalTool))) return runAttached(command);
  return runAttached(throughTerminal(command));
}

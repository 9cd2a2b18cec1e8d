import type { Command, CommandResult } from '../../base/run-command/command.ts';
import { runAttached, runCommand } from '../../base/run-command.ts';
import { onTerminal } from '../on-terminal.ts';
import { isInstalled, toolPath } from './tools.ts';

/** Opens pseudo-terminals (util-linux; on Debian in bsdutils, which every system has). */
export const terminalTool = 'script';

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Makes the command that runs another on a pseudo-terminal of its own and stands between it and
 * mkbase's terminal: script(1) passes on what is typed, what is printed and the size of the window.
 * The shell that script(1) calls becomes the command. Both die with mkbase.
 */
export function throughTerminal({ file, args, ...command }: Command): Command {
  const line = `exec ${[file, ...args].map(quoted).join(' ')}`;
  const script = [terminalTool, '--quiet', '--return', '--command', line, '/dev/null'];
  return { ...command, file: 'setpriv', args: ['--pdeathsig', 'KILL', ...script] };
}

const stty = (...args: readonly string[]) =>
  runCommand({
    file: 'stty',
    args: ['--file=/dev/tty', ...args],
    env: { PATH: toolPath },
    cleanEnv: true,
  });

/** Gives the terminal back as it was, however the work ends: script(1) cannot once it is killed. */
async function keepingTerminal<T>(work: () => Promise<T>): Promise<T> {
  const before = await stty('--save');
  try {
    return await work();
  } finally {
    if (before.ok) await stty(before.stdout.trim());
  }
}

/**
 * Runs a command that a person talks to: on a terminal of its own where mkbase has one, so that it
 * can neither change the person's nor type into it.
 */
export async function runTalking(command: Command): Promise<CommandResult> {
  if (!onTerminal() || !(await isInstalled(terminalTool))) return runAttached(command);
  return keepingTerminal(() => runAttached(throughTerminal(command)));
}

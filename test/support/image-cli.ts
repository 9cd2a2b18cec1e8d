import type { Command } from '../../src/base/run-command/command.ts';
import { runCommand } from '../../src/base/run-command.ts';

/** Runs a tool, fails loudly, and resolves to what it printed, trimmed. */
export async function tool(
  file: string,
  args: readonly string[],
  more: Partial<Command> = {},
): Promise<string> {
  const result = await runCommand({ file, args, ...more });
  if (!result.ok) throw new Error(`${result.command}: ${result.problem}\n${result.stderr}`);
  return result.stdout.trim();
}

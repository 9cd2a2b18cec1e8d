import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { bashCompletion } from './completion/bash.ts';
import { fishCompletion } from './completion/fish.ts';
import { completionModel } from './completion/model.ts';
import { zshCompletion } from './completion/zsh.ts';

/** Shells that a completion script can be made for. */
const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as Shell[];

/** `mkbase completion`: prints a script that completes the commands and options of `program`. */
export async function completion(
  shell: Shell,
  program: Command,
  { stdout }: CommandContext,
): Promise<number> {
  stdout.write(scripts[shell](completionModel(program)));
  return 0;
}

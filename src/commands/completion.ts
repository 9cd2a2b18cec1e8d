import type { Command } from 'commander';
import { bashCompletion } from './completion/bash.ts';
import { fishCompletion } from './completion/fish.ts';
import { completionModel } from './completion/model.ts';
import { zshCompletion } from './completion/zsh.ts';
import type { CommandContext } from './context.ts';
import type { Shell } from './program/machine-commands.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** `mkbase completion`: prints a script that completes the commands and options of `program`. */
export async function completion(
  shell: Shell,
  program: Command,
  { stdout }: CommandContext,
): Promise<number> {
  stdout.write(scripts[shell](completionModel(program)));
  return 0;
}

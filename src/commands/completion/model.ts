import type { Command, Option } from 'commander';
import { offeredOutputs } from '../../outputs/outputs.ts';

/** Words that may stand at a place of the command line. */
export type Words =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'recipes' | 'files' | 'folders' | 'anything' | 'nothing' };

export interface CompletionOption {
  /** `--tag`. */
  readonly long: string;
  /** `-t`. */
  readonly short: string | undefined;
  readonly description: string;
  readonly repeatable: boolean;
  /** `nothing` for a switch. */
  readonly value: Words;
}

export interface CompletionCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletionOption[];
  readonly argument: Words;
}

export interface CompletionModel {
  readonly program: string;
  /** The command that a first word which is no command stands for. */
  readonly defaultCommand: string;
  readonly commands: readonly CompletionCommand[];
}

const outputTypes = offeredOutputs().map(({ name }) => `type=${name}`);

/** Reads what to complete from the name between the brackets of `--out <folder>`. */
function valueWords(option: Option): Words {
  if (!option.required && !option.optional) return { kind: 'nothing' };
  if (option.argChoices !== undefined) return { kind: 'choices', choices: option.argChoices };
  const name = /[<[](\w+)/.exec(option.flags)?.[1];
  if (name === 'output') return { kind: 'choices', choices: outputTypes };
  if (name === 'file') return { kind: 'files' };
  if (name === 'recipe') return { kind: 'recipes' };
  return { kind: name === 'folder' ? 'folders' : 'anything' };
}

const toOption = (option: Option): CompletionOption => ({
  long: option.long ?? option.flags,
  short: option.short,
  description: option.description,
  repeatable: option.parseArg !== undefined,
  value: valueWords(option),
});

function argumentOf(command: Command): Words {
  const [argument] = command.registeredArguments;
  if (argument === undefined) return { kind: 'nothing' };
  if (argument.argChoices !== undefined) return { kind: 'choices', choices: argument.argChoices };
  if (argument.name() === 'folder') return { kind: 'folders' };
  if (['subject', 'one'].includes(argument.name())) return { kind: 'files' };
  return { kind: argument.name() === 'recipe' ? 'recipes' : 'anything' };
}

/** Reads the command line as shells complete it from commander's own tree. */
export function completionModel(program: Command): CompletionModel {
  const help = program.createHelp();
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.summary(),
    options: help.visibleOptions(command).map(toOption),
    argument: argumentOf(command),
  }));
  return { program: program.name(), defaultCommand: 'build', commands };
}

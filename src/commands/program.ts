import { Command, Option } from 'commander';
import { packageVersion } from '../base/package-root.ts';
import type { CommandContext, Run } from './command-context.ts';
import { rootHelp } from './help.ts';
import { evidenceCommands } from './program/evidence-commands.ts';
import {
  buildCommand,
  copyCommand,
  exportCommand,
  runCommand,
  shellCommand,
  watchCommand,
} from './program/image-commands.ts';
import { inputCommands } from './program/input-commands.ts';
import { machineCommands } from './program/machine-commands.ts';
import { recipeCommands } from './program/recipe-commands.ts';

const helpOption = () => new Option('-h, --help', 'Print help.');

/**
 * Builds the whole command line. Only the command that is called loads what it needs. commander's own
 * complaints are thrown as CommanderError; nothing here ends the process.
 */
export function createProgram(
  context: CommandContext,
  setExitCode: (exitCode: number) => void,
): Command {
  const run: Run = async (act) => setExitCode(await act(context));
  const program = new Command('mkbase')
    .description(
      'Makes container base images from nothing: signed packages and source, no image pulled.',
    )
    .usage('<recipe...> [options]\n       mkbase <command> [options]')
    .version(packageVersion, '-V, --version', 'Print the version.')
    .addHelpOption(helpOption())
    .commandsGroup('Help:')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(context.stdout.columns || 80, 100),
    })
    .addHelpText('after', rootHelp);

  const add = (command: Command, isDefault = false) => {
    command.copyInheritedSettings(program).addHelpOption(helpOption().helpGroup('Help:'));
    program.addCommand(command, { isDefault });
  };
  program.commandsGroup('Images:');
  add(buildCommand(run), true);
  add(runCommand(run));
  add(watchCommand(run));
  add(shellCommand(run));
  add(exportCommand(run));
  add(copyCommand(run));
  program.commandsGroup('Recipes:');
  for (const command of recipeCommands(run)) add(command);
  program.commandsGroup('Inputs:');
  for (const command of inputCommands(run)) add(command);
  program.commandsGroup('Evidence:');
  for (const command of evidenceCommands(run)) add(command);
  program.commandsGroup('This machine:');
  for (const command of machineCommands(run, () => program)) add(command);
  return program;
}

import { Command } from 'commander';
import type { Run } from '../command-context.ts';
import { examples } from '../help.ts';
import {
  addInputOptions,
  addPinnedLayersOption,
  addProgressOptions,
  collect,
  recipeWords,
} from './options.ts';

function lockCommand(run: Run): Command {
  const command = new Command('lock')
    .summary('pin the inputs of a recipe that has no lock')
    .description(
      'Pins every input of each recipe, the builder included, where there is no lock or it is for something else than the recipe asks for now.',
    )
    .argument('<recipe...>', recipeWords);
  addProgressOptions(addPinnedLayersOption(addInputOptions(command)))
    .option('--json', 'Print one JSON object for each recipe.')
    .addHelpText('after', examples.lock)
    .action((names: string[], options) =>
      run(async (context) => (await import('../lock.ts')).lock(names, options, context)),
    );
  return command;
}

function updateCommand(run: Run): Command {
  const command = new Command('update')
    .summary('pin the inputs of a recipe anew, and show what changed')
    .description('Pins every input of each recipe anew and shows what changed.')
    .argument('<recipe...>', recipeWords);
  addPinnedLayersOption(addInputOptions(command)).option(
    '--only <package>',
    'Change this package alone, and those of the same source. Repeatable.',
    collect,
  );
  addProgressOptions(command)
    .option('--json', 'Print one JSON object for each recipe.')
    .addHelpText('after', examples.update)
    .action((names: string[], options) =>
      run(async (context) => (await import('../lock.ts')).update(names, options, context)),
    );
  return command;
}

function bundleCommand(run: Run): Command {
  const command = new Command('bundle')
    .summary('put all inputs of a recipe into one file')
    .description(
      'Writes every locked byte of a recipe, the signed indexes and the lock into one OCI artifact, from which `mkbase build --inputs` builds without network.',
    )
    .argument('<recipe>', recipeWords)
    .requiredOption('-o, --output-file <file>', 'Where to write it.');
  addProgressOptions(addInputOptions(command))
    .option('--json', 'Print one JSON object.')
    .addHelpText('after', examples.bundle)
    .action((name: string, options) =>
      run(async (context) => (await import('../bundle.ts')).bundle(name, options, context)),
    );
  return command;
}

function keysCommand(run: Run): Command {
  return new Command('keys')
    .summary('list the public keys that ship with mkbase, and how long they are good')
    .description(
      'Lists the public keys by which mkbase believes archives: fingerprints, sources, and whether each is good today.',
    )
    .option('--json', 'Print one JSON object.')
    .action((options) =>
      run(async (context) => (await import('../keys.ts')).keys(options, context)),
    );
}

export const inputCommands = (run: Run): Command[] => [
  lockCommand(run),
  updateCommand(run),
  bundleCommand(run),
  keysCommand(run),
];

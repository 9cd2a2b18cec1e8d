import { Argument, Command, Option } from 'commander';
import { kindModules, starterKind } from '../../kinds/registry.ts';
import type { Run } from '../command-context.ts';
import { examples } from '../help.ts';
import { recipeWords } from './options.ts';

export function recipeCommands(run: Run): Command[] {
  return [
    new Command('init')
      .summary('write a recipe to start from')
      .description(
        'Writes a commented recipe that builds at once. Asks nothing, overwrites nothing.',
      )
      .argument('[folder]', 'where it goes; made when it is missing', '.')
      .addOption(
        new Option('--kind <kind>', 'What the image is made from.')
          .choices(Object.keys(kindModules))
          .default(starterKind),
      )
      .option('--name <name>', "Name of the recipe; the folder's when left out.")
      .option('--json', 'Print one JSON object.')
      .addHelpText('after', examples.init)
      .action((folder: string, options) =>
        run(async (context) => (await import('../init.ts')).init(folder, options, context)),
      ),
    new Command('list')
      .summary('list recipes and toolchains')
      .description('Lists the built-in recipes and toolchains.')
      .option('--json', 'Print one JSON object.')
      .addOption(new Option('--names', 'Print names only.').hideHelp())
      .action((options) =>
        run(async (context) => (await import('../list.ts')).list(options, context)),
      ),
    new Command('show')
      .summary('show what a recipe asks for, and what was built of it')
      .description(
        'Shows a recipe with every default filled in, and the digests of its last build.',
      )
      .argument('<recipe>', recipeWords)
      .option('--out <folder>', 'Folder of the build; mkbase-out/<recipe> when left out.')
      .option('--json', 'Print one JSON object.')
      .action((recipe: string, options) =>
        run(async (context) => (await import('../show.ts')).show(recipe, options, context)),
      ),
    new Command('schema')
      .summary('print the JSON Schema of recipes, toolchains or policies')
      .description(
        'Prints the JSON Schema that recipes, toolchains or policies are checked against.',
      )
      .addArgument(
        new Argument('[kind]', 'which schema')
          .choices(['recipe', 'toolchain', 'policy'])
          .default('recipe'),
      )
      .action((kind: 'recipe' | 'toolchain' | 'policy') =>
        run(async (context) => (await import('../schema.ts')).schema(kind, context)),
      ),
  ];
}

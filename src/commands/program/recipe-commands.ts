import { Argument, Command, Option } from 'commander';
import type { Run } from './act.ts';

export function recipeCommands(run: Run): Command[] {
  return [
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
      .argument('<recipe>', 'name of a built-in recipe, or path of a recipe file or folder')
      .option('--out <folder>', 'Folder of the build; mkbase-out/<recipe> when left out.')
      .option('--json', 'Print one JSON object.')
      .action((recipe: string, options) =>
        run(async (context) => (await import('../show.ts')).show(recipe, options, context)),
      ),
    new Command('schema')
      .summary('print the JSON Schema of recipes or toolchains')
      .description('Prints the JSON Schema that recipes or toolchains are checked against.')
      .addArgument(
        new Argument('[kind]', 'which schema').choices(['recipe', 'toolchain']).default('recipe'),
      )
      .action((kind: 'recipe' | 'toolchain') =>
        run(async (context) => (await import('../schema.ts')).schema(kind, context)),
      ),
  ];
}

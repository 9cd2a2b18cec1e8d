import { Command, Option } from 'commander';
import { outputForms } from '../../outputs/outputs.ts';
import { shellPlaces } from '../../pipeline/shell-places.ts';
// Not lazily: nearly every call is a build, and each further file takes its time to open.
import { build } from '../build.ts';
import type { Run } from '../command-context.ts';
import { examples } from '../help.ts';
import {
  addBuildOptions,
  addFailureOption,
  addLayersOption,
  addPinnedOptions,
  addProgressOptions,
  addStepOptions,
  collect,
  insecureRegistryOption,
  parseCount,
  recipeWords,
  severalPlatforms,
} from './options.ts';

export function buildCommand(run: Run): Command {
  const command = new Command('build')
    .summary('build one image from each recipe; "mkbase <recipe>" is short for it')
    .description('Builds one image from each recipe, several side by side.')
    .argument('<recipe...>', recipeWords);
  addPlaceOptions(
    addFailureOption(addLayersOption(addBuildOptions(command, severalPlatforms()))).option(
      '-j, --jobs <number>',
      'Builds that run side by side; as many as cores and memory allow when left out.',
      parseCount,
    ),
  )
    .option('--sign <how>', 'Sign the evidence: key=FILE[,passphrase-file=FILE] or keyless.')
    .option('--metadata-file <file>', 'Write the JSON of --json to a file as well.')
    .option('--iidfile <file>', 'Write the image ID, or without one the digest, to a file.');
  addProgressOptions(command)
    .addOption(
      new Option(
        '--dry-run',
        'Say which steps would be found and which would run; build nothing.',
      ).conflicts(['sign', 'metadataFile', 'iidfile', 'quiet']),
    )
    .option('--json', 'Print exactly one JSON object on stdout.')
    .addOption(
      new Option('-q, --quiet', 'Print only the image ID, or without one the digest.').conflicts([
        'json',
        'progress',
      ]),
    )
    .addHelpText('after', examples.build)
    .action((recipes: string[], options) =>
      run(async (context) => build(recipes, options, context)),
    );
  return command;
}

/** Adds the options that say where an image goes. */
const addPlaceOptions = (command: Command): Command =>
  command
    .optionsGroup('Where it goes:')
    .option(
      '-t, --tag <name>',
      'Tag; mkbase/<recipe>:<release or latest> when left out. Repeatable.',
      collect,
    )
    .option('-o, --output <output>', `${outputForms()} Repeatable.`, collect)
    .option(
      '--annotation <key=value>',
      'Annotation of the manifest, and of an index, beside those from the recipe. Repeatable.',
      collect,
    )
    .option('--push', 'Push the image to the registries of its tags, with its evidence attached.')
    .option('--no-attach', 'Push the image without its evidence.')
    .addOption(insecureRegistryOption());

export function watchCommand(run: Run): Command {
  const command = new Command('watch')
    .summary('build a recipe again whenever something of it changes')
    .description(
      'Builds a recipe, and builds it again whenever the recipe, or a file that it is made from, changes. A build that is still going on is then given up. Ctrl-C ends it.',
    )
    .argument('<recipe>', recipeWords);
  addProgressOptions(addPlaceOptions(addFailureOption(addLayersOption(addBuildOptions(command)))))
    .addHelpText('after', examples.watch)
    .action((recipe: string, options) =>
      run(async (context) => (await import('../watch.ts')).watch(recipe, options, context)),
    );
  return command;
}

export function runCommand(run: Run): Command {
  const command = new Command('run')
    .summary('build a recipe if need be, and run its image')
    .description(
      "Builds a recipe if need be and runs its image on the same engine. The exit code is the program's own; what the build has to say goes to stderr.",
    )
    .argument('<recipe>', recipeWords)
    .argument('[args...]', "arguments in place of the image's own; after -- they may begin with -");
  addProgressOptions(addFailureOption(addLayersOption(addBuildOptions(command))))
    .option('--watch', 'Build and run again whenever something of the recipe changes.')
    .addOption(
      new Option('-q, --quiet', "Show only the program's output, and errors.").conflicts(
        'progress',
      ),
    )
    .addHelpText('after', examples.run)
    .action((recipe: string, args: string[], options) =>
      run(async (context) => (await import('../run.ts')).run(recipe, args, options, context)),
    );
  return command;
}

export function shellCommand(run: Run): Command {
  const command = new Command('shell')
    .summary('open a shell where the steps of a recipe run')
    .description(
      "Opens a shell where the steps of a recipe run: in its builder, beside the sources, for a recipe that compiles; in the finished root filesystem for any other. There is no network, and what is changed there is thrown away. A command is run without a terminal, and its exit code is passed on; where stdin is no terminal, it is read as the shell's script.",
    )
    .argument('<recipe>', recipeWords)
    .argument('[args...]', 'command to run in place of a shell; after -- it may begin with -')
    .addOption(
      new Option('--in <place>', 'Where to open it; as told above when left out.').choices(
        shellPlaces,
      ),
    );
  addProgressOptions(addStepOptions(addPinnedOptions(command)))
    .addOption(
      new Option('-q, --quiet', "Show only the command's output, and errors.").conflicts(
        'progress',
      ),
    )
    .addHelpText('after', examples.shell)
    .action((recipe: string, words: string[], options) =>
      run(async (context) => (await import('../shell.ts')).shell(recipe, words, options, context)),
    );
  return command;
}

export function exportCommand(run: Run): Command {
  const command = new Command('export')
    .summary('build a recipe and write it as a folder with a Dockerfile')
    .description(
      'Builds a recipe and writes a folder from which `docker build` makes its image: a Dockerfile and rootfs.tar.xz, as official images are published.',
    )
    .argument('<recipe>', recipeWords)
    .requiredOption('--dockerfile <folder>', 'Folder to make, or an earlier export to replace.');
  addProgressOptions(addBuildOptions(command))
    .option('--json', 'Print exactly one JSON object on stdout.')
    .addOption(
      new Option('-q, --quiet', "Print only the manifest's digest.").conflicts([
        'json',
        'progress',
      ]),
    )
    .addHelpText('after', examples.export)
    .action((recipe: string, options) =>
      run(async (context) => (await import('../export.ts')).exportImage(recipe, options, context)),
    );
  return command;
}

export function copyCommand(run: Run): Command {
  const command = new Command('copy')
    .summary('copy an image and all that is attached to it')
    .description(
      'Copies an image, or an index with all its images, and everything that is attached to them from one registry, OCI layout or archive to another. Every digest stays as it is, and the tag comes last.',
    )
    .argument('<from>', 'HOST/NAME:TAG, oci:FOLDER[:TAG] or oci-archive:FILE[:TAG]')
    .argument('<to>', 'the same; a layout or an archive that is there is replaced')
    .option('--no-attach', 'Leave out what is attached.')
    .addOption(insecureRegistryOption());
  addProgressOptions(command)
    .option('--json', 'Print one JSON object.')
    .addHelpText('after', examples.copy)
    .action((from: string, to: string, options) =>
      run(async (context) => (await import('../copy.ts')).copy(from, to, options, context)),
    );
  return command;
}

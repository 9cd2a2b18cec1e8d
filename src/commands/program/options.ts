import { type Command, InvalidArgumentError, Option } from 'commander';
import { platformNames } from '../../base/platform.ts';
import { suggest } from '../../base/suggest.ts';
import { engineNames } from '../../engines/engine.ts';
import type { AskedPlatforms } from '../../pipeline/image-set/request.ts';
import { type Allowance, allowances } from '../../pipeline/request.ts';
import { progressModes } from '../../ui/ui.ts';
import { type Requirement, requirements } from '../../verify/require.ts';

/** Collects the values of a flag that may be given several times. */
export const collect = (value: string, previous: readonly string[] = []): string[] => [
  ...previous,
  value,
];

/** The option that lets a registry be asked over plain http. */
export const insecureRegistryOption = (): Option =>
  new Option(
    '--insecure-registry <host>',
    'Registry that may be asked over plain http, as those on this machine are. Repeatable.',
  ).argParser(collect);

/** Describes the argument `<recipe>` in help. */
export const recipeWords = 'name of a built-in recipe, or path of a recipe file or folder';

function collectAllowances(value: string, previous: readonly Allowance[] = []): Allowance[] {
  const known = allowances.find((each) => each === value);
  if (known !== undefined) return [...new Set([...previous, known])];
  throw new InvalidArgumentError(`Allowed choices are ${allowances.join(', ')}.`);
}

/** Reads a number of things, 1 or more. */
export function parseCount(value: string): number {
  if (/^[1-9][0-9]{0,3}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}

/** Collects the values of `--require`, each of which may be a list with commas. */
export function collectRequirements(
  value: string,
  previous: readonly Requirement[] = [],
): Requirement[] {
  const asked = value.split(',').map((word) => requirements.find((each) => each === word));
  const known = asked.filter((each) => each !== undefined);
  if (known.length === asked.length) return [...new Set([...previous, ...known])];
  throw new InvalidArgumentError(`Allowed choices are ${requirements.join(', ')}.`);
}

/** `--platform` of a command that makes or uses the image of one platform. */
const onePlatform = (): Option =>
  new Option('--platform <platform>', "Platform; the engine's own when left out.").choices(
    platformNames,
  );

/** Reads a list of platforms with commas, or `all`, and adds it to those given before. */
function collectPlatforms(value: string, previous: AskedPlatforms = []): AskedPlatforms {
  const words = value.split(',').map((word) => word.trim());
  if (previous === 'all' || words.includes('all')) {
    if (value === 'all' && previous.length === 0) return 'all';
    throw new InvalidArgumentError('all stands for every platform and is given alone.');
  }
  const known = words.map((word) => platformNames.find((each) => each === word));
  const unknown = words.find((_, at) => known[at] === undefined);
  if (unknown === undefined) {
    return [...new Set([...previous, ...known.filter((each) => each !== undefined)])];
  }
  const meant = suggest(unknown, platformNames);
  const question = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new InvalidArgumentError(
    `There is no platform ${JSON.stringify(unknown)}.${question} Allowed choices are ${platformNames.join(', ')}, all.`,
  );
}

/** `--platform` of a command that puts the images of several platforms under one index. */
export const severalPlatforms = (): Option =>
  new Option(
    '--platform <platform>',
    "Platform, a list with commas, or all that the recipe allows; the engine's own when left out.",
  ).argParser(collectPlatforms);

/** Options that decide what inputs a recipe has, shared by all that pin or build. */
export function addInputOptions(command: Command, platform = onePlatform()): Command {
  return command
    .optionsGroup('What to build:')
    .addOption(platform)
    .addOption(
      new Option('--engine <engine>', 'What runs builders and images.')
        .choices(['auto', ...engineNames])
        .default('auto')
        .env('MKBASE_ENGINE'),
    )
    .option('--out <folder>', 'Folder for lock and files; mkbase-out/<recipe> when left out.')
    .option('--mirror <url>', "Mirror of the recipe's distribution.")
    .addOption(
      new Option('--allow <what>', 'Let pass what is refused otherwise. Repeatable.')
        .choices(allowances)
        .argParser(collectAllowances),
    )
    .option('--offline', 'Use only what is stored already; open no connection.');
}

/** Options that decide what inputs are used, shared by all that run steps. */
export function addPinnedOptions(command: Command, platform?: Option): Command {
  return addInputOptions(command, platform)
    .option('--frozen', 'Build only from a lock that is there and answers the recipe.')
    .option('--inputs <file>', 'Bundle of inputs, as `mkbase bundle` writes it; used first.')
    .option(
      '--lock-key <file>',
      'Public key (PEM) that vouches for the lock where indexes are gone.',
    );
}

/** Options that decide how steps are run, shared by all that run them. */
export const addStepOptions = (command: Command): Command =>
  command
    .option('--maker <name>', "One of the makers of the recipe's kind; all come to the same bytes.")
    .option('--no-cache', 'Build anew; pin anew too where the lock is not beside the recipe.');

/** Options that decide what a build makes, shared by `build` and `run`. */
export function addBuildOptions(command: Command, platform?: Option): Command {
  const checked = addPinnedOptions(command, platform)
    .option('--policy <policy>', 'Require what a policy asks for: strict, or a file of your own.')
    .option('--sarif <file>', "Write the policy's findings as SARIF.");
  return addStepOptions(checked).option('--no-test', "Leave out the recipe's smoke tests.");
}

/** Adds the option that says of what layers an image is, for commands whose outputs hold several. */
export const addLayersOption = (
  command: Command,
  words = 'Keep the layer of the recipe that this one extends; one layer when left out.',
): Command => command.addOption(new Option('--layers <what>', words).choices(['base']));

/** The same for commands that pin inputs. */
export const addPinnedLayersOption = (command: Command): Command =>
  addLayersOption(command, "Pin the recipe that this one extends as that one's own lock does.");

/** Adds the option that lets a person into a step that fails. */
export const addFailureOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--on-failure <what>',
      'Open a shell where a step failed, as it left everything; needs a terminal.',
    ).choices(['shell']),
  );

/** Options that decide what is seen, shared by `build` and `run`. */
export function addProgressOptions(command: Command): Command {
  return command
    .optionsGroup('What to show:')
    .addOption(
      new Option('--progress <mode>', 'How to show progress on stderr.')
        .choices(progressModes)
        .default('auto'),
    );
}

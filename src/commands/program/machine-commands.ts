import { Argument, Command } from 'commander';
import type { Run } from '../command-context.ts';
import { examples } from '../help.ts';

/** Shells that a completion script can be made for. */
const shells = ['bash', 'zsh', 'fish'] as const;

/** Describes the commands about this machine; completion scripts are made from the whole command line, `root`. */
export function machineCommands(run: Run, root: () => Command): Command[] {
  return [
    new Command('doctor')
      .summary('say which engines can work here, and what would cure the others')
      .description('Looks at engines, cache and mirror. Exit code 5 when no engine can work here.')
      .option('--mirror <url>', 'Debian mirror to take packages from.')
      .action((options) =>
        run(async (context) => (await import('../doctor.ts')).doctor(options, context)),
      ),
    new Command('gc')
      .summary('remove what killed runs left behind')
      .description(
        'Removes what killed runs left behind: containers, images, temporary folders. What a live run uses stays.',
      )
      .option(
        '--keep <size>',
        'Also remove the least used results of steps until the rest has at most this size, such as 5GB.',
      )
      .option(
        '--all',
        'Also remove toolchains, stored downloads and results; the next build fetches anew.',
      )
      .action((options) => run(async (context) => (await import('../gc.ts')).gc(options, context))),
    new Command('completion')
      .summary('print a completion script for a shell')
      .description('Prints a completion script.')
      .addArgument(new Argument('<shell>', 'which shell').choices(shells))
      .addHelpText('after', examples.completion)
      .action((shell: (typeof shells)[number]) =>
        run(async (context) =>
          (await import('../completion.ts')).completion(shell, root(), context),
        ),
      ),
  ];
}

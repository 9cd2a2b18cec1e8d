import { MkbaseError } from '../base/errors.ts';
import { onTerminal } from '../engines/on-terminal.ts';
import type { Printer, ShellRequest } from '../pipeline/shell.ts';
import type { ShellPlaceName } from '../pipeline/shell-places.ts';
import type { Asked } from '../steps/shell-place.ts';
import type { Ui } from '../ui/ui.ts';
import { type BuildOptions, buildRequest } from './build-request.ts';
import { type CommandContext, invocationOf, whileEditing } from './command-context.ts';
import { print } from './shell/print.ts';
import { readScript } from './shell/read-script.ts';
import { greeting, visitorFor } from './shell/visitor.ts';
import { withUi } from './with-progress.ts';

/** Options of `shell`. */
export interface ShellOptions extends BuildOptions {
  readonly in?: ShellPlaceName;
}

/** Returns what is to be run; undefined for a person at a terminal, who types. */
async function askedFor(words: readonly string[]): Promise<Asked | undefined> {
  if (words.length > 0) return { words };
  if (onTerminal()) return undefined;
  if (!process.stdin.isTTY) return { script: await readScript(process.stdin) };
  throw new MkbaseError({
    code: 'USAGE',
    message: 'A shell needs a terminal to print on, and stdout is none.',
    hint: 'Name a command after --, or give a script on stdin.',
  });
}

/** Prints what a command prints, once the progress of the build is out of the way. */
const printerOn = (ui: Ui, { stderr }: CommandContext): Printer => ({
  begin: () => ui.close(),
  out: print,
  error: (line) => void stderr.write(`${line}\n`),
});

/** `mkbase shell`: opens a shell where a recipe's steps run, or runs a command there. */
export async function shell(
  recipe: string,
  words: readonly string[],
  options: ShellOptions,
  context: CommandContext,
): Promise<number> {
  const asked = await askedFor(words);
  const own = await buildRequest(recipe, options, context.cwd);
  const build = { ...own, ...whileEditing(context) };
  const progress = options.quiet ? 'none' : options.progress;
  return withUi({ progress, result: 'none', recipe }, context, async (ui, io) => {
    const { openShell } = await import('../pipeline/shell.ts');
    const visitor = (place: ShellPlaceName) =>
      visitorFor(context, async () => {
        await ui.close();
        if (!options.quiet) context.stderr.write(greeting(recipe, place));
      });
    const to = asked === undefined ? { visitor } : { asked, printer: printerOn(ui, context) };
    const request: ShellRequest = { build, to, ...(options.in && { place: options.in }) };
    return openShell(request, invocationOf(context), io);
  });
}

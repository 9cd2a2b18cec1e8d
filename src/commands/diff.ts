import { exitCodes } from '../base/errors.ts';
import type { DiffReport } from '../diff/diff.ts';
import type { EngineName } from '../engines/engine.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import type { CommandContext } from './command-context.ts';

/** Options of `diff`. */
export interface DiffOptions {
  readonly engine: EngineName | 'auto';
  /** Repeated flags; undefined when there is none. */
  readonly insecureRegistry?: readonly string[];
  readonly json?: true;
  readonly markdown?: true;
}

async function render(
  report: DiffReport,
  { json, markdown }: DiffOptions,
  { stdout, env }: CommandContext,
): Promise<string> {
  if (json) return (await import('./diff/json.ts')).diffJson(report);
  if (markdown) return (await import('./diff/markdown.ts')).diffMarkdown(report);
  const { diffText } = await import('./diff/text.ts');
  return diffText(report, { columns: columnsOf(stdout), palette: paletteOf(stdout, env) });
}

/** `mkbase diff`: compares two builds. Resolves to 0 when they are the same, else to MISMATCH's code. */
export async function diff(
  one: string,
  other: string,
  options: DiffOptions,
  context: CommandContext,
): Promise<number> {
  const { stdout, signal } = context;
  const io = { emit: () => {}, signal };
  const [{ openSide }, { readSide }, { diff: compare, isSame }] = await Promise.all([
    import('./diff/side-request.ts'),
    import('../diff/side.ts'),
    import('../diff/diff.ts'),
  ]);
  const opened: Awaited<ReturnType<typeof openSide>>[] = [];
  try {
    for (const word of [one, other]) opened.push(await openSide(word, options, context, io));
    const [a, b] = [await readSide(opened[0]!, signal), await readSide(opened[1]!, signal)];
    const report = await compare(a, b);
    stdout.write(await render(report, options, context));
    return isSame(report) ? 0 : exitCodes.MISMATCH;
  } finally {
    for (const each of opened) await each.dispose();
  }
}

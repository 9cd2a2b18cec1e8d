import { resolve } from 'node:path';
import type { Io } from '../base/events.ts';
import { formatBytes, plural } from '../base/format.ts';
import { bundleInputs } from '../pipeline/inputs/bundle-inputs.ts';
import { shortPath } from '../ui/text.ts';
import type { BuildOptions } from './build-request.ts';
import { buildRequest } from './build-request.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { withProgress } from './with-progress.ts';

export interface BundleOptions extends BuildOptions {
  /** The file to write. */
  readonly outputFile: string;
  readonly json?: true;
}

/** `mkbase bundle`: every locked byte of a recipe in one file. */
export async function bundle(
  recipe: string,
  options: BundleOptions,
  context: CommandContext,
): Promise<number> {
  const { outputFile, ...build } = options;
  const request = await buildRequest(recipe, build, context.cwd);
  const work = async (io: Io) => {
    const dest = resolve(context.cwd, outputFile);
    const bundled = await bundleInputs(request, dest, invocationOf(context), io);
    if (options.json) return `${JSON.stringify(bundled)}\n`;
    const { inputs, size, file } = bundled;
    const shown = shortPath(file, context.cwd);
    return [
      `Wrote ${plural(inputs, 'input')}, ${formatBytes(size)}, to ${shown}`,
      '',
      `next     mkbase build ${recipe} --inputs ${shown} --offline`,
      '',
    ].join('\n');
  };
  return withProgress(options.progress, recipe, work, context);
}

import { resolve } from 'node:path';
import type { Io } from '../base/events.ts';
import { formatBytes, plural } from '../base/format.ts';
import { recordPlace } from '../pipeline/build-image.ts';
import { bundleInputs } from '../pipeline/bundle-inputs.ts';
import { shortPath } from '../ui/short-path.ts';
import type { BuildOptions } from './build-options.ts';
import { buildRequest } from './build-request.ts';
import type { CommandContext } from './context.ts';
import { withProgress } from './with-progress.ts';

export interface BundleOptions extends BuildOptions {
  /** Where the bundle goes. */
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
  const request = await buildRequest(recipe, build);
  const work = async (io: Io) => {
    const bundled = await bundleInputs(request, resolve(outputFile), recordPlace(), io);
    if (options.json) return `${JSON.stringify(bundled)}\n`;
    const { inputs, size, file } = bundled;
    const shown = shortPath(file, process.cwd());
    return [
      `Wrote ${plural(inputs, 'input')}, ${formatBytes(size)}, to ${shown}`,
      '',
      `next     mkbase build ${recipe} --inputs ${shown} --offline`,
      '',
    ].join('\n');
  };
  return withProgress(options.progress, recipe, work, context);
}

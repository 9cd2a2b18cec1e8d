import { resolve } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { dockerfileRequest } from '../outputs/outputs.ts';
import { buildOne } from './build.ts';
import type { BuildOptions, OutcomeOptions } from './build-request.ts';
import { buildRequest } from './build-request.ts';
import type { CommandContext } from './command-context.ts';

/** Options of `export`: those of `build`, except where the image goes. */
export interface ExportOptions
  extends Omit<BuildOptions, 'tag' | 'output'>,
    Pick<OutcomeOptions, 'json'> {
  /** The folder to make. */
  readonly dockerfile: string;
}

/** `mkbase export`: builds a recipe and writes it as a folder that `docker build` takes. */
export async function exportImage(
  recipe: string,
  { dockerfile, ...options }: ExportOptions,
  context: CommandContext,
): Promise<number> {
  if (dockerfile === '') {
    throw new MkbaseError({
      code: 'USAGE',
      message: '--dockerfile is empty.',
      hint: 'Name the folder to make, for instance --dockerfile ./image.',
    });
  }
  const request = await buildRequest(recipe, options, context.cwd);
  const outputs = [dockerfileRequest(resolve(context.cwd, dockerfile))];
  return buildOne({ ...request, outputs }, options, context);
}

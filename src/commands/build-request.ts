import type { BuildRequest } from '../pipeline/request.ts';
import type { BuildOptions } from './build-options.ts';

/** Flags as the pipeline wants them. Errors: USAGE for a tag or an output that is none. */
export async function buildRequest(recipe: string, options: BuildOptions): Promise<BuildRequest> {
  const { tag = [], output = [], platform, out, mirror } = options;
  return {
    recipe,
    engine: options.engine,
    outputs: output.length === 0 ? [] : await parseOutputs(output),
    tags: tag.length === 0 ? [] : await parseTags(tag),
    offline: options.offline === true,
    noCache: !options.cache,
    noTest: !options.test,
    ...(platform && { platform }),
    ...(out && { out }),
    ...(mirror && { mirror }),
  };
}

async function parseOutputs(outputs: readonly string[]): Promise<BuildRequest['outputs']> {
  const { parseOutput } = await import('../image/output.ts');
  return outputs.map(parseOutput);
}

async function parseTags(tags: readonly string[]): Promise<string[]> {
  const { parseReference, shortForm } = await import('../image/reference.ts');
  return [...new Set(tags.map((tag) => shortForm(parseReference(tag))))];
}

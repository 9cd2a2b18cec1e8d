import { MkbaseError } from '../errors.ts';
import type { BuildRequest } from '../pipeline/request.ts';
import type { BuildOptions } from './build-options.ts';

/** What a script passes whose variable is not set; to go on without the flag would surprise it. */
function refuseEmpty(flags: Readonly<Record<string, string | undefined>>): void {
  for (const [flag, value] of Object.entries(flags)) {
    if (value !== '') continue;
    throw new MkbaseError({
      code: 'USAGE',
      message: `${flag} is empty.`,
      hint: 'Give it a value, or leave it out.',
    });
  }
}

/** Flags as the pipeline wants them. Errors: USAGE for an empty one, a tag or an output that is none. */
export async function buildRequest(recipe: string, options: BuildOptions): Promise<BuildRequest> {
  const { tag = [], output = [], platform, out, mirror } = options;
  refuseEmpty({ '--out': out, '--mirror': mirror });
  return {
    recipe,
    engine: options.engine,
    outputs: output.length === 0 ? [] : await parseOutputs(output),
    tags: tag.length === 0 ? [] : await parseTags(tag),
    offline: options.offline === true,
    noCache: !options.cache,
    noTest: !options.test,
    ...(platform && { platform }),
    ...(out !== undefined && { out }),
    ...(mirror !== undefined && { mirror }),
    ...(options.allow && { allow: options.allow }),
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

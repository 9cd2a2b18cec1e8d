import { resolve } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
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

const sarifWithoutPolicy = new MkbaseError({
  code: 'USAGE',
  message: '--sarif writes what a policy finds, and no policy is named.',
  hint: 'Name one, for instance --policy strict.',
});

/** Flags as the pipeline wants them. Errors: USAGE for an empty one, a tag or an output that is none. */
export async function buildRequest(recipe: string, options: BuildOptions): Promise<BuildRequest> {
  const { tag = [], output = [], platform, out, mirror, inputs, policy, sarif } = options;
  refuseEmpty({
    ...{ '--out': out, '--mirror': mirror, '--inputs': inputs },
    ...{ '--policy': policy, '--sarif': sarif },
  });
  if (sarif !== undefined && policy === undefined) throw sarifWithoutPolicy;
  return {
    recipe,
    engine: options.engine,
    outputs: output.length === 0 ? [] : await parseOutputs(output),
    tags: tag.length === 0 ? [] : await parseTags(tag),
    offline: options.offline === true,
    noCache: options.cache === false,
    noTest: options.test === false,
    ...(platform && { platform }),
    ...(out !== undefined && { out }),
    ...(mirror !== undefined && { mirror }),
    ...(options.frozen && { frozen: true }),
    ...(inputs !== undefined && { inputs: resolve(inputs) }),
    ...(policy !== undefined && { policy }),
    ...(sarif !== undefined && { sarif: resolve(sarif) }),
    ...(options.allow && { allow: options.allow }),
  };
}

async function parseOutputs(outputs: readonly string[]): Promise<BuildRequest['outputs']> {
  const { parseOutput } = await import('../outputs/parse-output.ts');
  return outputs.map(parseOutput);
}

async function parseTags(tags: readonly string[]): Promise<string[]> {
  const { parseReference, shortForm } = await import('../image/reference.ts');
  return [...new Set(tags.map((tag) => shortForm(parseReference(tag))))];
}

import { digestOf } from '../base/canonical-json.ts';
import { baseEnvironment, idCount, writableFolders } from '../engines/step.ts';
import type { ReadyBuilder } from '../steps/builder.ts';
import type { Work } from '../steps/work.ts';

/** Version of the form of a key: raised when a description says something new. */
const format = 1;

/** The builder that a work runs in: its platform and the sha256 of its tree. */
export interface WorkBuilder extends Pick<ReadyBuilder, 'tree'> {
  readonly reference: Pick<ReadyBuilder['reference'], 'platform'>;
}

/**
 * Names the result of a work by all that it is computed from: the step, its input, the tree of its
 * builder, what every engine gives a step, and what settles the output. Engine, user, and the builder's
 * name and key are left out, for no byte depends on them. Errors: those of the input.
 */
export async function nodeKey(work: Work, { reference, tree }: WorkBuilder): Promise<string> {
  const { does, version, step, input, sends, settledBy } = work;
  const { argv, env, limits, capabilities, ids = 'root', root = 'builder' } = step;
  return digestOf({
    ...{ format, does, version, settledBy, builder: tree, platform: reference.platform },
    ...(sends && { sends }),
    step: { argv, env, limits, capabilities, ids, root },
    given: { baseEnvironment, idCount, writableFolders },
    input: await input.digest(),
  });
}

import { MkbaseError } from '../base/errors.ts';
import type { OutputRequest } from '../outputs/contract.ts';
import { outputOf, pushRequest, withRegistryOptions } from '../outputs/outputs.ts';

/** Options of a build about registries. */
interface PushOptions {
  readonly push: boolean;
  /** Names to push under. */
  readonly tags: readonly string[];
  readonly attach: boolean;
  /** No connection may be opened. */
  readonly offline: boolean;
  /** Registries that may be asked over plain http. */
  readonly insecureRegistry: readonly string[];
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

/** Adds the pushes that `--push` asks for, and tells all pushes what the options say. Throws USAGE. */
export function withPushes(
  asked: readonly OutputRequest[],
  { push, tags, attach, offline, insecureRegistry }: PushOptions,
): OutputRequest[] {
  if (push && tags.length === 0) {
    throw usage(
      '--push pushes an image under its tags, and none is given.',
      'Name one with its registry, for instance --tag registry.example/team/app:1.0.',
    );
  }
  const outputs = [...asked, ...(push ? tags.map(pushRequest) : [])];
  const pushes = outputs.filter((each) => outputOf(each).deliver !== undefined);
  if (offline && pushes.length > 0) {
    throw usage(
      '--offline opens no connection, and a push needs one.',
      'Build with --offline first, and push without it: what is built already is found again.',
    );
  }
  if (!attach && pushes.length === 0) {
    throw usage(
      '--no-attach leaves the evidence out of a push, and nothing is pushed.',
      'Add --push, or leave it out.',
    );
  }
  const options = { attach, insecure: insecureRegistry };
  return outputs.map((each) => (pushes.includes(each) ? withRegistryOptions(each, options) : each));
}

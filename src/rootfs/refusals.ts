import type { ByteString } from '../base/byte-string.ts';
import { MkbaseError } from '../base/errors.ts';
import { shown } from '../tar/names.ts';

/** One reason why a rootfs cannot be made. */
export interface Refusal {
  readonly path: ByteString;
  /** Continues a sentence whose subject is the path. */
  readonly problem: string;
  /** The account that the recipe asks for; left out where it is about the path itself. */
  readonly about?: string;
}

/** Takes a refusal; the work goes on, so that all are found at once. */
export type Refuse = (path: ByteString, problem: string, about?: string) => void;

const shownLimit = 20;

/** Throws ROOTFS_REFUSED when there is any refusal, naming the first twenty. */
export function throwRefusals(refusals: readonly Refusal[]): void {
  if (refusals.length === 0) return;
  const lines = refusals
    .slice(0, shownLimit)
    .map(({ path, problem }) => `  ${shown(path)} ${problem}`);
  const more = refusals.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more`);
  const ofAccounts = refusals.every(({ about }) => about !== undefined);
  throw new MkbaseError({
    code: 'ROOTFS_REFUSED',
    message: `The root filesystem is refused:\n${lines.join('\n')}`,
    hint: ofAccounts
      ? 'Choose a name and a number under `accounts:` that nothing else has.'
      : 'Leave these paths out with `slim:` or at their source, or say in `files:` what is meant to be there.',
    about: refusals.slice(0, shownLimit).map(({ path, about }) => about ?? `/${shown(path)}`),
  });
}

import { MkbaseError } from '../../base/errors.ts';

/** A lock whose package hangs on no index of the same lock: no mkbase writes such a one. */
export const unlisted = (name: string, index: string): MkbaseError =>
  new MkbaseError({
    code: 'LOCK_INVALID',
    message: `The lock has ${name} from ${index} but no signed index of that name.`,
    hint: 'Pin the inputs anew with `mkbase update`.',
  });

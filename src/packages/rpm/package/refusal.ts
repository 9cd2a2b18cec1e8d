import { MkbaseError } from '../../../base/errors.ts';

/** Makes the error of a file that is no package of rpm, or one that means harm. */
export const refusedRpm = (what: string, problem: string): MkbaseError =>
  new MkbaseError({
    code: 'ARCHIVE_REFUSED',
    message: `${what}: ${problem}.`,
    hint: 'Fetch it from another mirror (--mirror); if it is the same there, the package itself is at fault.',
  });

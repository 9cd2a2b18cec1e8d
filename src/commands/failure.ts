import { exitCodes } from '../base/errors.ts';
import { asMkbaseError } from '../ui/error-text.ts';

/** The process's exit code for an error that was shown. */
export const failureExitCode = (error: unknown): number => exitCodes[asMkbaseError(error).code];

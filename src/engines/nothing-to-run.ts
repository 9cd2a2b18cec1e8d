import { MkbaseError } from '../base/errors.ts';

/** The error of an image that says nothing of what to run, where nothing else was asked for. */
export const nothingToRun = (cause?: unknown): MkbaseError =>
  new MkbaseError({
    code: 'ENGINE_FAILED',
    message: 'The image has neither an entrypoint nor a command, so there is nothing to run.',
    hint: 'Name a program on the command line, or give the recipe image.entrypoint or image.cmd.',
    cause,
  });

import { shellWord } from '../base/shell-word.ts';
import { outputOf } from '../outputs/outputs.ts';
import type { BuildResult } from '../pipeline/request.ts';
import { shortPath } from './text.ts';

/** Facts that the result alone does not tell. */
export interface NextCommandContext {
  /** Paths below it are shown relative to it. */
  readonly cwd: string;
  /** `mkbase run` and its arguments, for images that no store keeps. */
  readonly runCommand: string;
  /** True when the image says what to run; a base image for others does not. */
  readonly runnable: boolean;
}

/** Drops the default tag: engines take a name without it. */
const withoutLatest = (tag: string): string => tag.replace(/:latest$/, '');

function withStoredImage(result: BuildResult, context: NextCommandContext): string {
  const name = shellWord(withoutLatest(result.tags[0] ?? result.imageId ?? ''));
  return context.runnable
    ? `${result.engine} run --rm ${name}`
    : `${result.engine} image inspect ${name}`;
}

/**
 * Returns the command that a person most likely types next; undefined when there is none, for
 * instance after a mere rootfs.
 */
export function nextCommand(result: BuildResult, context: NextCommandContext): string | undefined {
  if (result.imageId !== null) return withStoredImage(result, context);
  const runCommand = context.runnable ? context.runCommand : undefined;
  for (const placed of result.outputs) {
    const path = shellWord(shortPath(placed.dest, context.cwd));
    const command = outputOf(placed).nextCommand?.({ ...result, placed, path, runCommand });
    if (command !== undefined) return command;
  }
  return runCommand;
}

import { hostPlatform } from '../base/platform.ts';
import type { BuildResult } from '../pipeline/request.ts';
import { shellWord, shortPath } from './text.ts';

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

/** Names a foreign platform, because a Dockerfile that begins from scratch does not. */
function withDockerfile({ engine, recipe, platform }: BuildResult, folder: string): string {
  const builder = engine === 'namespace' ? 'docker' : engine;
  const foreign = platform === hostPlatform().name ? '' : ` --platform ${platform}`;
  return `${builder} build${foreign} --tag mkbase/${recipe} ${shellWord(folder)}`;
}

/**
 * Returns the command that a person most likely wants to type next; undefined when there is none, for
 * instance after a mere rootfs.
 */
export function nextCommand(result: BuildResult, context: NextCommandContext): string | undefined {
  if (result.imageId !== null) return withStoredImage(result, context);
  const exported = result.outputs.find(({ type }) => type === 'dockerfile');
  if (exported !== undefined) {
    return withDockerfile(result, shortPath(exported.dest, context.cwd));
  }
  const archive = result.outputs.find(
    ({ type, size }) => size !== undefined && (type === 'docker' || type === 'oci'),
  );
  if (archive !== undefined && result.engine !== 'namespace') {
    return `${result.engine} load --input ${shellWord(shortPath(archive.dest, context.cwd))}`;
  }
  if (context.runnable) return context.runCommand;
  return archive && `docker load --input ${shellWord(shortPath(archive.dest, context.cwd))}`;
}

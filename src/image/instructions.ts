import { MkbaseError } from '../base/errors.ts';
import type { ImageConfig } from './image.ts';

/** The quoting that an engine expects in the values of `--change`; see ImageStore.importQuoting. */
export type Quoting = 'escaped' | 'literal';

/** One Dockerfile instruction, for instance `['CMD', '["/hello"]']`. */
type Instruction = readonly [word: string, rest: string];

const hint = 'Use --output type=docker, which loads the image with its config as it is.';

function refuse(word: string, value: string, why: string): never {
  throw new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${word} ${JSON.stringify(value)} cannot be given to an engine's import: ${why}.`,
    hint,
  });
}

/** Returns ENGINE_FAILED: the engine's import cannot set what a recipe asks for. */
export const unknownInstruction = (word: string, cause?: unknown): MkbaseError =>
  new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `The engine's import takes no ${word} instruction.`,
    hint,
    cause,
  });

/**
 * Quotes a word as Dockerfiles do: in double quotes, a backslash before what would end them, expand
 * or escape (moby/buildkit, frontend/dockerfile/shell/lex.go). There is no way to write a line's
 * end: it would start another instruction.
 */
function dockerfileWord(word: string, value: string): string {
  if (/[\n\r]/.test(value)) refuse(word, value, 'it has a line break');
  return `"${value.replace(/["$\\]/g, '\\$&')}"`;
}

/** Quotes a path only if it has to be: most read better without. */
const dockerfilePath = (word: string, path: string) =>
  /^[\w./+:@-]+$/.test(path) ? path : dockerfileWord(word, path);

/** Quotes a word for podman, which takes off one pair of quotes and leaves the rest as it is. */
const literalWord = (value: string) => `"${value}"`;

const quote = (quoting: Quoting, word: string, value: string) =>
  quoting === 'escaped' ? dockerfileWord(word, value) : literalWord(value);

/** Quotes only values: the recipe's schema allows no label name that would need quotes. */
const labels = (config: ImageConfig, quoting: Quoting): Instruction[] =>
  Object.entries(config.Labels ?? {}).map(([name, value]) => [
    'LABEL',
    `${name}=${quote(quoting, 'LABEL', value)}`,
  ]);

const environment = (config: ImageConfig, quoting: Quoting): Instruction[] =>
  (config.Env ?? []).map((variable) => {
    const equals = variable.indexOf('=');
    const value = quote(quoting, 'ENV', variable.slice(equals + 1));
    return ['ENV', `${variable.slice(0, equals)}=${value}`];
  });

/** Escapes for Dockerfiles only: podman expands nothing inside the JSON form of VOLUME. */
function volumes(config: ImageConfig, quoting: Quoting): Instruction[] {
  const paths = Object.keys(config.Volumes ?? {});
  const words = quoting === 'escaped' ? paths.map((path) => dockerfilePath('VOLUME', path)) : paths;
  return words.length === 0 ? [] : [['VOLUME', JSON.stringify(words)]];
}

/** Quotes for Dockerfiles only: podman takes the path with its quotes, and trims spaces around it. */
function workdir(path: string, quoting: Quoting): string {
  if (quoting === 'escaped') return dockerfilePath('WORKDIR', path);
  if (path !== path.trim()) refuse('WORKDIR', path, 'it ends in a space');
  return path;
}

/** Formats a duration; the recipe's schema has no finer unit than milliseconds. */
const duration = (nanoseconds: number): string =>
  nanoseconds % 1e9 === 0 ? `${nanoseconds / 1e9}s` : `${nanoseconds / 1e6}ms`;

function healthcheck(check: NonNullable<ImageConfig['Healthcheck']>): string {
  const options = [
    check.Interval !== undefined && `--interval=${duration(check.Interval)}`,
    check.Timeout !== undefined && `--timeout=${duration(check.Timeout)}`,
    check.StartPeriod !== undefined && `--start-period=${duration(check.StartPeriod)}`,
    check.Retries !== undefined && `--retries=${check.Retries}`,
  ].filter((option) => option !== false);
  return [...options, 'CMD', JSON.stringify(check.Test.slice(1))].join(' ');
}

/** Orders the instructions: ENTRYPOINT clears CMD, and ENV is last so that nothing expands it. */
function instructions(config: ImageConfig, quoting: Quoting): Instruction[] {
  const { User, ExposedPorts, Entrypoint, Cmd, WorkingDir, StopSignal, Healthcheck } = config;
  return [
    ...(User ? [['USER', User] as const] : []),
    ...Object.keys(ExposedPorts ?? {}).map((port) => ['EXPOSE', port] as const),
    ...(Entrypoint ? [['ENTRYPOINT', JSON.stringify(Entrypoint)] as const] : []),
    ...(Cmd ? [['CMD', JSON.stringify(Cmd)] as const] : []),
    ...volumes(config, quoting),
    ...(WorkingDir ? [['WORKDIR', workdir(WorkingDir, quoting)] as const] : []),
    ...labels(config, quoting),
    ...(StopSignal ? [['STOPSIGNAL', StopSignal] as const] : []),
    ...(Healthcheck ? [['HEALTHCHECK', healthcheck(Healthcheck)] as const] : []),
    ...environment(config, quoting),
  ];
}

/**
 * Writes an image config as Dockerfile instructions for `import --change`, one each. ENGINE_FAILED when
 * the engine's import knows no such instruction, RECIPE_INVALID for a value that cannot be written.
 */
export function toChanges(
  config: ImageConfig,
  known: ReadonlySet<string>,
  quoting: Quoting,
): string[] {
  return instructions(config, quoting).map(([word, rest]) => {
    if (known.has(word)) return `${word} ${rest}`;
    throw unknownInstruction(word);
  });
}

/** Writes an image config as the lines of a Dockerfile. RECIPE_INVALID as `toChanges`. */
export const toDockerfileLines = (config: ImageConfig): string[] =>
  instructions(config, 'escaped').map(([word, rest]) => `${word} ${rest}`);

import { MkbaseError } from '../base/errors.ts';
import type { ImageConfig } from './image.ts';

/** How an engine reads the values of `--change`; see ImageStore.importQuoting. */
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

/** An engine's import cannot set what a recipe asks for. */
export const unknownInstruction = (word: string, cause?: unknown): MkbaseError =>
  new MkbaseError({
    code: 'ENGINE_FAILED',
    message: `The engine's import takes no ${word} instruction.`,
    hint,
    cause,
  });

/**
 * A word as Dockerfiles quote it: in double quotes, a backslash before what would end them, expand
 * or escape (moby/buildkit, frontend/dockerfile/shell/lex.go). There is no way to write a line's
 * end: it would start another instruction.
 */
function dockerfileWord(word: string, value: string): string {
  if (/[\n\r]/.test(value)) refuse(word, value, 'it has a line break');
  return `"${value.replace(/["$\\]/g, '\\$&')}"`;
}

/** Most paths need no quotes, and read better without. */
const dockerfilePath = (word: string, path: string) =>
  /^[\w./+:@-]+$/.test(path) ? path : dockerfileWord(word, path);

/** podman takes off one pair of quotes and leaves what is inside alone. */
const literalWord = (value: string) => `"${value}"`;

const quote = (quoting: Quoting, word: string, value: string) =>
  quoting === 'escaped' ? dockerfileWord(word, value) : literalWord(value);

/** The recipe's schema lets no name of a label need quotes. */
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

/** Only Dockerfiles expand and escape inside the JSON form of VOLUME. */
function volumes(config: ImageConfig, quoting: Quoting): Instruction[] {
  const paths = Object.keys(config.Volumes ?? {});
  const words = quoting === 'escaped' ? paths.map((path) => dockerfilePath('VOLUME', path)) : paths;
  return words.length === 0 ? [] : [['VOLUME', JSON.stringify(words)]];
}

/** podman joins WORKDIR as it stands, quotes and all, but trims spaces around it. */
function workdir(path: string, quoting: Quoting): string {
  if (quoting === 'escaped') return dockerfilePath('WORKDIR', path);
  if (path !== path.trim()) refuse('WORKDIR', path, 'it ends in a space');
  return path;
}

/** The recipe's schema knows no finer unit than milliseconds. */
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

/** Order matters twice: ENTRYPOINT clears CMD, and ENV is last so that nothing could expand it. */
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
 * An image config as Dockerfile instructions for `import --change`, one each. ENGINE_FAILED when
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

/** An image config as the lines of a Dockerfile, one instruction each. RECIPE_INVALID as `toChanges`. */
export const toDockerfileLines = (config: ImageConfig): string[] =>
  instructions(config, 'escaped').map(([word, rest]) => `${word} ${rest}`);

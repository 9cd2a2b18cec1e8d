import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { namesOf } from '../../base/names-of.ts';
import type { CommandResult } from '../../base/run-command/command.ts';
import { runCommand } from '../../base/run-command.ts';
import type { Dialect, EngineFacts } from './dialect.ts';

/** One engine as reached through its CLI. */
export interface Cli {
  readonly dialect: Dialect;
  readonly facts: EngineFacts;
  /** The cache folder; absolute. */
  readonly cacheFolder: string;
  /** Runs the CLI; a failure is a result. */
  run(
    args: readonly string[],
    io: Pick<Io, 'signal'>,
    input?: AsyncIterable<Uint8Array>,
  ): Promise<CommandResult>;
  /** Runs the CLI and resolves to its stdout, trimmed; ENGINE_FAILED when it fails. */
  expect(
    doing: string,
    args: readonly string[],
    io: Pick<Io, 'signal'>,
    input?: AsyncIterable<Uint8Array>,
  ): Promise<string>;
}

/** Matches the words of an engine on a full disk: strerror(3) of ENOSPC and EDQUOT. */
const noSpace = /no space left on device|disk quota exceeded/i;

/** Makes ENGINE_FAILED, or NO_SPACE, which says what the engine was doing, and its own words. */
export function engineFailed(
  name: string,
  doing: string,
  { stderr, problem }: Pick<CommandResult, 'stderr' | 'problem'>,
): MkbaseError {
  const words = stderr.trim();
  const message = `${name} failed ${doing}: ${words === '' ? problem : words}`;
  if (noSpace.test(words)) {
    const hint = `Free some space where ${name} keeps its images (\`${name} info\` says where), then run the same command again.`;
    return new MkbaseError({ code: 'NO_SPACE', message, hint });
  }
  return new MkbaseError({
    code: 'ENGINE_FAILED',
    message,
    hint: `See whether \`${name} info\` works, then run the same command again; --engine chooses another engine.`,
  });
}

/**
 * The commands that change an engine's store. A podman that is killed in the middle of one leaves half
 * an image, and from then on fails to list any (4.3.1); Docker's daemon goes on without its CLI.
 */
export const storeCommand = namesOf({ import: 1, load: 2, tag: 3, rm: 4 });
const changing = new Set<string>([...Object.keys(storeCommand), 'image rm']);
const patience = 30_000;

const changes = ([verb = '', object = '']: readonly string[]): boolean =>
  changing.has(verb) || changing.has(`${verb} ${object}`);

/** Makes the CLI of an engine; the user's contexts, DOCKER_HOST and containers.conf hold. */
export function containerCli(dialect: Dialect, facts: EngineFacts, cacheFolder: string): Cli {
  const run: Cli['run'] = (args, { signal }, input) =>
    runCommand({
      file: dialect.name,
      args,
      signal,
      ...(input && { input }),
      ...(changes(args) && { patience }),
    });
  return {
    dialect,
    facts,
    cacheFolder,
    run,
    async expect(doing, args, io, input) {
      const result = await run(args, io, input);
      if (!result.ok) throw engineFailed(dialect.name, doing, result);
      return result.stdout.trim();
    },
  };
}

/** Splits a listing into lines, each once: an image with two tags is listed twice. */
export const linesOf = (printed: string) => [...new Set(printed.split('\n').filter(Boolean))];

/** Returns the last line of what a program printed: an error, where it failed. */
export const lastLine = (printed: string) => printed.trim().split('\n').at(-1) ?? '';

import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root: string = resolve(import.meta.dirname, '../../..');

/** The built command line of this test run. */
export const cliFile = (): string =>
  join(process.env.MKBASE_TEST_CACHE ?? '', 'package/dist/cli.js');

/** How one run of the built command line ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another Node. */
  readonly node?: string;
  /** Command that starts the command, for instance `['setpriv', '--reuid=…']`. */
  readonly through?: readonly string[];
  /** Called with the child once it runs, for signals. */
  readonly onStart?: (pid: number) => void;
}

/**
 * Returns the state folder of a test run: podman and namespace have their own, so that what one engine made is
 * not found by another that is to come to the same by itself.
 */
export function stateFolder(engine = ''): string {
  const own = ['podman', 'namespace'].includes(engine) ? `state-${engine}` : 'state';
  return join(process.env.MKBASE_TEST_CACHE ?? '', own);
}

/** The environment of a run: cache and state of the test run's own, and nothing that changes what is printed. */
export function environment(
  more: Readonly<Record<string, string>> = {},
  engine?: string,
): NodeJS.ProcessEnv {
  const { PATH, HOME, DOCKER_HOST, CONTAINERS_CONF, CONTAINERS_STORAGE_CONF } = process.env;
  const engines = { DOCKER_HOST, CONTAINERS_CONF, CONTAINERS_STORAGE_CONF };
  const { MKBASE_TEST_CACHE: XDG_CACHE_HOME = '' } = process.env;
  // A test with another home, as of another user, has its state there.
  const state = more.HOME === undefined && { XDG_STATE_HOME: stateFolder(engine) };
  return { PATH, HOME, ...engines, XDG_CACHE_HOME, ...state, ...more };
}

/** Returns the engine that arguments name, if they name one. */
export const engineOf = (args: readonly string[]): string | undefined =>
  args.includes('--engine') ? args[args.indexOf('--engine') + 1] : undefined;

/** Runs the built command line as a person would. */
export function mkbase(args: readonly string[], settings: RunSettings): Promise<Run> {
  const command = [...(settings.through ?? []), settings.node ?? process.execPath, cliFile()];
  const [file = '', ...rest] = [...command, ...args];
  const env = environment(settings.env, engineOf(args));
  const child = spawn(file, rest, { cwd: settings.cwd, env });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  child.stdin.end();
  if (child.pid !== undefined) settings.onStart?.(child.pid);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...output }));
  });
}

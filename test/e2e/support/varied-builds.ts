import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { everySetting, type Setting } from './engines.ts';
import { mkbase } from './mkbase.ts';
import { openChecks } from './open-checks.ts';

/** Installs Node 20, 22 and 24 in a folder, as the registry's packages of Node's own binaries. */
export function installNodes(work: string): string[] {
  const majors = ['20', '22', '24'];
  const installed = majors.map((major) => {
    const prefix = join(work, `node-${major}`);
    const name = `node-linux-${process.arch}`;
    execFileSync('npm', ['install', '--prefix', prefix, '--no-save', `${name}@${major}`], {
      stdio: 'ignore',
    });
    return join(prefix, 'node_modules', name, 'bin/node');
  });
  return [process.execPath, ...installed];
}

const zones = ['GMT+12', 'GMT-14', 'Asia/Kathmandu', 'UTC'];
const locales = ['C.UTF-8', 'et_EE.UTF-8', 'C', 'tr_TR.UTF-8'];
const masks = ['0022', '0002', '0077'];
const days = ['+0', '-540', '+540'];

/** A build that is made again and again, each time in other circumstances. */
export interface Varied {
  /** Names the build in messages and folders. */
  readonly name: string;
  /** Lays out a folder, its output folder being there, and returns the recipe's name or path. */
  readonly prepare: (folder: string, out: string) => string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The turn of a build: which of the circumstances it has, out of so many turns on each engine. */
export interface Turn {
  readonly work: string;
  readonly nodes: readonly string[];
  readonly setting: Setting;
  readonly turn: number;
  readonly times: number;
}

/**
 * Builds once under its own HOME, time zone, locale, umask, working folder, date and Node, from one lock;
 * into an output folder of its own, so that nothing is taken from an earlier result. With the type of an output
 * that is verified, and its open checks are returned.
 */
export async function buildVaried(
  { name, prepare, args = [], env: ownEnv = {} }: Varied,
  { work, nodes, setting, turn, times }: Turn,
  output?: string,
) {
  const { engine, settings, title } = setting;
  const folder = join(work, `${name}-${title}-${turn}`.replaceAll(' ', '-'));
  const out = join(folder, 'out');
  mkdirSync(out, { recursive: true });
  mkdirSync(join(folder, 'home'));
  const recipe = prepare(folder, out);
  execFileSync('chmod', ['-R', 'a+rwX', folder]);
  const { through = [], env = {}, ...rest } = settings();
  // So that few builds on each engine still meet every variation.
  const offset = everySetting.indexOf(setting) * times + turn;
  const pick = <T>(values: readonly T[]) => values[offset % values.length] as T;
  const typed = output === undefined ? [] : ['--output', `type=${output}`];
  const words = [recipe, '--engine', engine, '--out', out, '--json', ...args, ...typed];
  const run = await mkbase(words, {
    cwd: folder,
    ...rest,
    node: pick(nodes),
    through: [
      ...through,
      'sh',
      '-c',
      `umask ${pick(masks)}; exec "$@"`,
      'sh',
      'faketime',
      '-f',
      `${pick(days)}d`,
    ],
    env: {
      ...env,
      ...ownEnv,
      HOME: join(folder, 'home'),
      TZ: pick(zones),
      LC_ALL: pick(locales),
      LANG: pick(locales),
    },
  });
  if (run.code !== 0) throw new Error(`${title}, build ${turn} of ${name}:\n${run.stderr}`);
  const { diffId, manifestDigest } = JSON.parse(run.stdout) as Readonly<Record<string, string>>;
  const open = output === undefined ? [] : await openChecks(out, setting);
  rmSync(folder, { recursive: true });
  return { digests: `${diffId} ${manifestDigest}`, open };
}

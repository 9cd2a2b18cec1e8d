// A folder of the run's own, and mkbase and the shell in it.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { peakMegabytes, run, seconds } from './measure.mjs';

export const root = resolve(import.meta.dirname, '..');
export const work = mkdtempSync(join(tmpdir(), 'mkbase-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** Names for `env` with a cache and a state of that name in the run's folder. */
const placesOf = (cache) => [
  `XDG_CACHE_HOME=${join(work, cache)}`,
  `XDG_STATE_HOME=${join(work, cache, 'state')}`,
];

/** A command line of mkbase as it stands, with a cache of that name in the run's folder. */
export const bare = (cache, ...args) => [
  ...['env', ...placesOf(cache), process.execPath, join(root, 'dist/cli.js')],
  ...args,
];

/** A command line of mkbase that builds on docker, or on another engine. */
export const mkbase = (cache, ...args) => bare(cache, ...args, '--engine', 'docker', '-q');
export const onNamespace = (cache, ...args) => bare(cache, ...args, '--engine', 'namespace', '-q');

export const shell = (script, ...args) => ['sh', '-euc', script, 'sh', ...args];

/** Runs a command in the run's folder; returns seconds, or what it printed. */
export const timed = (argv) => seconds(argv, { cwd: work });
export const printed = (argv) => run(argv, { cwd: work }).stdout.trim();

/** Peak resident memory of a command line of mkbase, in megabytes. */
export const peak = (argv) =>
  peakMegabytes(argv, {
    cwd: work,
    env: { ...process.env, NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak.mjs')}` },
  });

export const remove = (...paths) => {
  for (const path of paths) rmSync(join(work, path), { recursive: true, force: true });
};

/** Writes files below the run's folder; returns the folder's path. */
export function writeFiles(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, folder, name)), { recursive: true });
    writeFileSync(join(work, folder, name), content);
  }
  return join(work, folder);
}

/** Removes a cache, all outputs and every builder in Docker, so that the next build is a first one. */
export function forget(cache) {
  remove(cache, 'mkbase-out');
  timed(shell('docker images -q "mkbase-toolchain/*" | sort -u | xargs -r docker rmi -f'));
}

/** Removes what was computed, and leaves what was fetched, the builders, and the locks beside the outputs. */
export const forgetNodes = (cache) =>
  remove(join(cache, 'state/mkbase/nodes'), join(cache, 'mkbase/builds'));

/** Lines of a shell script that set `mirror` to the machine's own Debian mirror. */
export const ownMirror =
  "mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources | head -n 1)\n" +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  'mirror=${mirror:-http://ftp.debian.org/debian}\n';

export const helloSource = readFileSync(join(root, 'recipes/hello/hello.c'), 'utf8');

/** A copy of the hello recipe that may be edited. */
export function helloCopy(name, { tests }) {
  const folder = join(work, name);
  cpSync(join(root, 'recipes/hello'), folder, { recursive: true });
  if (tests) return folder;
  const recipe = join(folder, 'recipe.yaml');
  writeFileSync(recipe, readFileSync(recipe, 'utf8').replace(/^test:[\s\S]*$/m, ''));
  return folder;
}

const flags = /flags:\s*\[([^\]]*)\]/
  .exec(readFileSync(join(root, 'recipes/hello/recipe.yaml'), 'utf8'))[1]
  .split(',')
  .map((flag) => flag.trim())
  .filter(Boolean);

/** The compiler's command line as the hello recipe has it, for a person who compiles by hand. */
export const compiler = [
  ...['gcc', ...flags, '-static', '-nostdlib', '-nostartfiles', '-s', '-Wl,--build-id=none'],
  ...['-Wl,-z,norelro', '-Wl,-z,noseparate-code', '-Wl,-z,nosectionheader', '-Wl,--nmagic'],
];

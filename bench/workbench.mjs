// A folder of the run's own, and mkbase and the shell in it.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { peakMegabytes, seconds } from './measure.mjs';

export const root = resolve(import.meta.dirname, '..');
export const work = mkdtempSync(join(tmpdir(), 'mkbase-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/** A command line of mkbase with a cache of that name in the run's folder. */
export const mkbase = (cache, ...args) => [
  'env',
  `XDG_CACHE_HOME=${join(work, cache)}`,
  process.execPath,
  join(root, 'dist/cli.js'),
  ...args,
  ...['--engine', 'docker', '-q'],
];

export const shell = (script, ...args) => ['sh', '-euc', script, 'sh', ...args];

/** Runs a command in the run's folder; returns seconds. */
export const timed = (argv) => seconds(argv, { cwd: work });

/** Peak resident memory of a command line of mkbase, in megabytes. */
export const peak = (argv) =>
  peakMegabytes(argv, {
    cwd: work,
    env: { ...process.env, NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak.mjs')}` },
  });

/** Removes a cache, all outputs and every builder in Docker, so that the next build is a first one. */
export function forget(cache) {
  rmSync(join(work, cache), { recursive: true, force: true });
  rmSync(join(work, 'mkbase-out'), { recursive: true, force: true });
  timed(shell('docker images -q "mkbase-toolchain/*" | sort -u | xargs -r docker rmi -f'));
}

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

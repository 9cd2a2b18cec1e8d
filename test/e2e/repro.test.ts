import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { timesOf } from '../support/proofs.ts';
import { noAlpine, serveAlpine } from './support/alpine.ts';
import { everySetting, type Setting } from './support/engines.ts';
import { mkbase, root } from './support/mkbase.ts';
import { openChecks } from './support/open-checks.ts';

const times = timesOf('repro');

const work = temporaryFolder({ shared: true });

/** Their archives are in few people's reach: tests of their own build them from archives of their own. */
const elsewhere = [
  ...['alpine-apk', 'arch', 'ubuntu'],
  ...['almalinux', 'centos', 'fedora', 'rocky'].flatMap((name) => [name, `${name}-minimal`]),
];

/** Slow ones that a sample leaves out: debian.test.ts builds the one everywhere, and busybox is like the other. */
const inFullOnly = ['debian', 'busybox-glibc'];

const recipes = readdirSync(join(root, 'recipes'))
  .map((name) => basename(name, '.yaml'))
  .filter((name) => !elsewhere.includes(name) && (times > 1 || !inFullOnly.includes(name)));

/** Node 20, 22 and 24, as the registry's packages of Node's own binaries. */
const nodes: string[] = [process.execPath];
beforeAll(() => {
  const arch = process.arch;
  for (const major of ['20', '22', '24']) {
    const prefix = join(work, `node-${major}`);
    const install = ['install', '--prefix', prefix, '--no-save', `node-linux-${arch}@${major}`];
    execFileSync('npm', install, { stdio: 'ignore' });
    nodes.push(join(prefix, 'node_modules', `node-linux-${arch}`, 'bin/node'));
  }
}, 300_000);

/** Where Alpine's archives are had; the copy that tests use has no signatures. */
const alpine = { MKBASE_ALPINE_MIRROR: '' };
beforeAll(async () => {
  if (noAlpine) return undefined;
  const server = await serveAlpine();
  alpine.MKBASE_ALPINE_MIRROR = server.url;
  return server.close;
});

const zones = ['GMT+12', 'GMT-14', 'Asia/Kathmandu', 'UTC'];
const locales = ['C.UTF-8', 'et_EE.UTF-8', 'C', 'tr_TR.UTF-8'];
const masks = ['0022', '0002', '0077'];
const days = ['+0', '-540', '+540'];

interface Digests {
  readonly diffId: string;
  readonly manifestDigest: string;
}

/** Locks a recipe, with the right date: what is pinned has to be valid today. Returns its options. */
async function locked(recipe: string) {
  const out = join(work, recipe);
  const allow = recipe === 'alpine' ? ['--allow', 'unsigned-archive'] : [];
  const run = await mkbase(['lock', recipe, '--out', out, ...allow], { cwd: work, env: alpine });
  if (run.code !== 0) throw new Error(`lock of ${recipe}:\n${run.stderr}`);
  return { lock: join(out, 'lock.json'), allow };
}

/**
 * Builds once under its own HOME, time zone, locale, umask, working folder, date and Node, from one lock;
 * into an output folder of its own, so that nothing is taken from an earlier result. With the type of an output
 * that is verified, and its open checks are returned.
 */
async function build(
  recipe: string,
  { lock, allow }: Awaited<ReturnType<typeof locked>>,
  setting: Setting,
  turn: number,
  output: string | undefined,
) {
  const { engine, settings, title } = setting;
  const folder = join(work, `${recipe}-${title}-${turn}`.replaceAll(' ', '-'));
  const out = join(folder, 'out');
  mkdirSync(out, { recursive: true });
  mkdirSync(join(folder, 'home'));
  copyFileSync(lock, join(out, 'lock.json'));
  execFileSync('chmod', ['-R', 'a+rwX', folder]);
  const { through = [], env = {}, ...rest } = settings();
  // So that few builds on each engine still meet every variation.
  const offset = everySetting.indexOf(setting) * times + turn;
  const pick = <T>(values: readonly T[]) => values[offset % values.length] as T;
  const typed = output === undefined ? [] : ['--output', `type=${output}`];
  const args = [recipe, '--engine', engine, '--out', out, '--json', ...allow, ...typed];
  const run = await mkbase(args, {
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
      ...alpine,
      HOME: join(folder, 'home'),
      TZ: pick(zones),
      LC_ALL: pick(locales),
      LANG: pick(locales),
    },
  });
  if (run.code !== 0) throw new Error(`${title}, build ${turn} of ${recipe}:\n${run.stderr}`);
  const { diffId, manifestDigest } = JSON.parse(run.stdout) as Digests;
  const open = output === undefined ? [] : await openChecks(out, setting);
  rmSync(folder, { recursive: true });
  return { digests: { diffId, manifestDigest }, open };
}

const outputs = ['oci', 'docker', 'rootfs'];

/** Returns the type of an output that is to be verified: recipes, engines and builds take turns. */
function outputOf(recipe: string, setting: Setting, turn: number): string | undefined {
  const at = recipes.indexOf(recipe) + everySetting.indexOf(setting) + turn;
  return outputs[at % outputs.length];
}

/**
 * Returns where a recipe is verified after each build: everywhere, or as a sample in one place, which changes
 * from recipe to recipe.
 */
function verifiedWith(recipe: string, settings: readonly Setting[]): readonly Setting[] {
  return times > 1 ? settings : [settings[recipes.indexOf(recipe) % settings.length]!];
}

/** Those that take half a minute or more are built half as often. */
const slow = ['busybox', 'busybox-glibc', 'debian', 'debian-slim', 'python-hello'];

/**
 * Returns where a recipe is built: everywhere, or as a sample in two places that take turns. busybox, which takes
 * minutes to compile, is then only verified in one: lua is compiled from upstream's archive in two.
 */
function settingsOf(recipe: string): Setting[] {
  const there = everySetting.filter(({ missing }) => !missing);
  if (times > 1 || recipe === 'hello') return there;
  const at = recipes.indexOf(recipe);
  const places = recipe === 'busybox' ? [at] : [at, at + 1];
  const chosen = places.map((each) => there[each % there.length]);
  return there.filter((each) => chosen.includes(each));
}

for (const recipe of recipes) {
  const reason = recipe === 'alpine' ? noAlpine : undefined;
  const turns = slow.includes(recipe) ? Math.ceil(times / 2) : times;
  describe.skipIf(reason)(`${recipe}${reason ? `: left out, ${reason}` : ''}`, () => {
    const settings = settingsOf(recipe);
    const places = settings.map(({ title }) => title).join(', ');
    const verified = verifiedWith(recipe, settings);
    const where = verified.map(({ title }) => title).join(', ');
    test(`has one digest, built ${turns} times with each of ${places}, and verifies with ${where}`, async () => {
      const digests = new Map<string, string[]>();
      const lock = await locked(recipe);
      for (const setting of settings) {
        for (let turn = 0; turn < turns; turn++) {
          const isVerified = verified.includes(setting);
          const output = isVerified ? outputOf(recipe, setting, turn) : undefined;
          const made = await build(recipe, lock, setting, turn, output);
          expect(made.open, `${output} of ${setting.title}`).toEqual([]);
          const { diffId, manifestDigest } = made.digests;
          const key = `${diffId} ${manifestDigest}`;
          digests.set(key, [...(digests.get(key) ?? []), `${setting.title} ${turn}`]);
        }
      }
      expect([...digests.values()]).toHaveLength(1);
    }, 3_600_000);
  });
}

import { copyFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { timesOf } from '../support/proofs.ts';
import { noAlpine, serveAlpine } from './support/alpine.ts';
import { everySetting, type Setting } from './support/engines.ts';
import { mkbase, root } from './support/mkbase.ts';
import { buildVaried, installNodes, type Varied } from './support/varied-builds.ts';

const times = timesOf('repro');

const work = temporaryFolder({ shared: true });

/** Their archives are in few people's reach: repro-own.test.ts and others build such from archives of their own. */
const elsewhere = [
  ...['alpine-apk', 'arch', 'ubuntu'],
  ...['almalinux', 'centos', 'fedora', 'rocky'].flatMap((name) => [name, `${name}-minimal`]),
];

/** Slow ones that a sample leaves out: debian.test.ts builds the one everywhere, and busybox is like the other. */
const inFullOnly = ['debian', 'busybox-glibc'];

const recipes = readdirSync(join(root, 'recipes'))
  .map((name) => basename(name, '.yaml'))
  .filter((name) => !elsewhere.includes(name) && (times > 1 || !inFullOnly.includes(name)));

let nodes: string[] = [];
beforeAll(() => {
  nodes = installNodes(work);
}, 300_000);

/** Where Alpine's archives are had; the copy that tests use has no signatures. */
const alpine = { MKBASE_ALPINE_MIRROR: '' };
beforeAll(async () => {
  if (noAlpine) return undefined;
  const server = await serveAlpine();
  alpine.MKBASE_ALPINE_MIRROR = server.url;
  return server.close;
});

/** Locks a recipe, with the right date: what is pinned has to be valid today. Returns its options. */
async function locked(recipe: string): Promise<Varied> {
  const out = join(work, recipe);
  const allow = recipe === 'alpine' ? ['--allow', 'unsigned-archive'] : [];
  const run = await mkbase(['lock', recipe, '--out', out, ...allow], { cwd: work, env: alpine });
  if (run.code !== 0) throw new Error(`lock of ${recipe}:\n${run.stderr}`);
  const lock = join(out, 'lock.json');
  const prepare = (_: string, out: string) => {
    copyFileSync(lock, join(out, 'lock.json'));
    return recipe;
  };
  return { name: recipe, prepare, args: allow, env: alpine };
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
      const varied = await locked(recipe);
      for (const setting of settings) {
        for (let turn = 0; turn < turns; turn++) {
          const isVerified = verified.includes(setting);
          const output = isVerified ? outputOf(recipe, setting, turn) : undefined;
          const place = { work, nodes, setting, turn, times };
          const made = await buildVaried(varied, place, output);
          expect(made.open, `${output} of ${setting.title}`).toEqual([]);
          const { digests: key } = made;
          digests.set(key, [...(digests.get(key) ?? []), `${setting.title} ${turn}`]);
        }
      }
      expect([...digests.values()]).toHaveLength(1);
    }, 3_600_000);
  });
}

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder.ts';
import { everyEngine } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';
import { observe } from './support/observed-run.ts';

const folder = folderForEachTest();
const [engine] = everyEngine;
const onEngine = ['--engine', engine?.engine ?? 'auto'];

const recipeText = (packages: string) => `name: locked
from: { debs: { packages: [${packages}] } }
`;

/** A recipe of one small package in a folder of its own. */
function ownRecipe(work: string, packages = 'tzdata') {
  const recipe = join(work, 'own');
  mkdirSync(recipe, { recursive: true });
  const file = join(recipe, 'recipe.yaml');
  writeFileSync(file, recipeText(packages));
  return { recipe, file, lock: join(recipe, 'recipe.lock.json') };
}

const errorOf = (run: { readonly events: readonly object[] }) => run.events.at(-1);

describe('a lock beside a recipe', () => {
  test('is written by the first build, kept to by the next, and pinned anew where the recipe was edited', async () => {
    const work = folder();
    const { recipe, file, lock } = ownRecipe(work);
    const own = { cwd: work };
    expect(await observe([recipe, ...onEngine, '--frozen', '--json'], own)).toMatchObject({
      code: 10,
    });
    expect((await mkbase([recipe, ...onEngine], own)).code).toBe(0);
    const text = readFileSync(lock, 'utf8');
    expect(readFileSync(join(work, 'mkbase-out/locked/lock.json'), 'utf8')).toBe(text);

    expect((await mkbase([recipe, ...onEngine, '--frozen', '--no-cache'], own)).code).toBe(0);
    writeFileSync(file, recipeText('tzdata, netbase'));
    const inCi = { ...own, env: { CI: 'true' } };
    for (const [flags, settings] of [
      [['--no-cache'], inCi],
      [['--offline'], own],
      [['--frozen'], own],
    ] as const) {
      const stale = await observe([recipe, ...onEngine, ...flags, '--json'], settings);
      expect(stale).toMatchObject({ code: 10, stdout: '' });
      expect(errorOf(stale)).toMatchObject({
        code: 'LOCK_STALE',
        message: expect.stringContaining('changed: from.debs.packages'),
        hint: expect.stringContaining(`mkbase lock ${file}`),
      });
      expect(readFileSync(lock, 'utf8')).toBe(text);
    }

    const edited = await mkbase([recipe, ...onEngine, '--json'], own);
    expect(edited, edited.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(edited.stdout).warnings).toContainEqual({
      code: 'relocked',
      message: expect.stringMatching(
        /\(from\.debs\.packages\); .* is written anew: added netbase \S+\. /,
      ),
      advice: expect.any(String),
    });
    expect((await mkbase([recipe, ...onEngine, '--frozen'], inCi)).code).toBe(0);

    writeFileSync(file, recipeText('netbase'));
    const locked = await mkbase(['lock', recipe, '--json'], own);
    expect(JSON.parse(locked.stdout)).toMatchObject({
      file: lock,
      kept: false,
      changes: expect.arrayContaining([
        { in: 'image', name: 'tzdata', old: expect.any(String), new: null },
      ]),
    });
    const again = await mkbase(['lock', recipe], own);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing changed') });
  });

  test('follows a recipe that extends another and is renamed, into the evidence and from a bundle', async () => {
    const text = (name: string) => `name: ${name}\nextends: ./base.yaml\n`;
    const work = folder();
    const { recipe, file, lock } = ownRecipe(work);
    const own = { cwd: work };
    writeFileSync(join(recipe, 'base.yaml'), recipeText('tzdata'));
    writeFileSync(file, text('before'));
    const bundle = join(work, 'in.tar');
    expect(await mkbase(['bundle', recipe, '-o', bundle], own)).toMatchObject({ code: 0 });
    writeFileSync(file, text('after'));
    const frozen = await mkbase([recipe, ...onEngine, '--frozen'], own);
    expect(frozen).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('code: LOCK_STALE'),
    });
    for (const inputs of [[], ['--inputs', bundle, '--offline', '--no-cache']]) {
      const built = await mkbase([recipe, ...onEngine, ...inputs], own);
      expect(built, built.stderr).toMatchObject({ code: 0 });
      const verify = ['verify', join(work, 'mkbase-out/after'), '--recipe', recipe];
      const verified = await mkbase(verify, own);
      expect(verified, verified.stdout).toMatchObject({ code: 0 });
      expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ recipe: 'after' });
      rmSync(lock);
    }
  });

  test('that was edited by hand is refused, and update mends it', async () => {
    const work = folder();
    const { recipe, lock } = ownRecipe(work);
    expect((await mkbase(['lock', recipe], { cwd: work })).code).toBe(0);
    const text = readFileSync(lock, 'utf8');
    writeFileSync(lock, text.replaceAll('\n', '\r\n'));
    expect((await mkbase(['lock', recipe], { cwd: work })).stdout).toContain('nothing changed');
    writeFileSync(lock, text.replace('"size": ', '"size": 1'));
    const edited = await observe([recipe, ...onEngine, '--json'], { cwd: work });
    expect(edited.code).toBe(10);
    expect(errorOf(edited)).toMatchObject({
      code: 'LOCK_INVALID',
      message: expect.stringContaining('"from" was changed'),
    });
    expect((await mkbase(['update', recipe], { cwd: work })).code).toBe(0);
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });

  test('update shows what moved, and --only moves nothing else', async () => {
    const work = folder();
    const { recipe, lock } = ownRecipe(work, 'tzdata, netbase');
    expect((await mkbase(['lock', recipe], { cwd: work })).code).toBe(0);
    const now = readFileSync(lock, 'utf8');
    const older = async () => {
      const { lockText } = await import('../../src/lock/lock-file.ts');
      const { digests: _, ...parsed } = JSON.parse(now);
      for (const each of parsed.from.debs.packages) each.version = `0~${each.name}`;
      for (const each of parsed.from.debs.packages) each.sha256 = '0'.repeat(64);
      writeFileSync(lock, lockText(parsed));
    };
    await older();
    const table = await mkbase(['update', recipe], { cwd: work });
    expect(table.stdout).toMatch(/^image +netbase +0~netbase +\S+$/m);
    expect(table.stdout).toMatch(/^image +tzdata +0~tzdata +\S+$/m);
    expect(readFileSync(lock, 'utf8')).toBe(now);
    await older();
    const only = await mkbase(['update', recipe, '--only', 'netbase', '--json'], { cwd: work });
    expect(JSON.parse(only.stdout).changes).toMatchObject([{ name: 'netbase', old: '0~netbase' }]);
    const unknown = await mkbase(['update', recipe, '--only', 'nothing'], { cwd: work });
    expect(unknown).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('no package nothing'),
    });
  });
});

describe("a lock of another recipe's in the output folder", () => {
  test('is told and made anew by a build, and refused with --frozen, though both ask for the same', async () => {
    const work = folder();
    const own = { cwd: work };
    const lock = join(work, 'out/lock.json');
    const pinned = await mkbase(['lock', 'hello-cpp', '--out', join(work, 'out')], own);
    expect(pinned, pinned.stderr).toMatchObject({ code: 0 });
    const text = readFileSync(lock, 'utf8');
    const build = ['hello-glibc', ...onEngine, '--out', join(work, 'out'), '--json'];
    const frozen = await observe([...build, '--frozen'], own);
    expect(frozen).toMatchObject({ code: 10, stdout: '' });
    expect(errorOf(frozen)).toMatchObject({
      code: 'LOCK_STALE',
      message: `${lock} is the lock of the recipe hello-cpp, not of hello-glibc.`,
    });
    expect(readFileSync(lock, 'utf8')).toBe(text);

    const told = { code: 'strange-lock', message: expect.stringContaining('recipe hello-cpp') };
    const built = await mkbase(build, own);
    expect(built, built.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(built.stdout).warnings).toEqual([expect.objectContaining(told)]);
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ recipe: 'hello-glibc' });
    expect((await mkbase([...build, '--frozen', '--no-cache'], own)).code).toBe(0);

    writeFileSync(lock, text.replace('"lockVersion": 2', '"lockVersion": 1'));
    const older = await mkbase(build, own);
    expect(older, older.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(older.stdout).warnings).toEqual([
      expect.objectContaining({
        code: 'strange-lock',
        message: expect.stringContaining('version 1'),
      }),
    ]);
  });
});

describe('a lock that this cache has not made', () => {
  test('is believed for what signed indexes say, refused where they say otherwise, and with --frozen where there are none', async () => {
    const work = folder();
    const { recipe, lock } = ownRecipe(work);
    const cache = join(work, 'cache/mkbase');
    const own = { cwd: work, env: { XDG_CACHE_HOME: join(work, 'cache') } };
    const build = (...more: string[]) =>
      observe([recipe, ...onEngine, '--no-cache', '--json', ...more], own);
    const warningsOf = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout).warnings;
    const forget = () => rmSync(join(cache, 'state/locks'), { recursive: true });
    expect((await observe(['lock', recipe, '--json'], own)).code).toBe(0);
    forget();
    expect(warningsOf(await build())).toEqual([]);

    // The attack: a lock that names other bytes, which are to be had, under the index as it was.
    const text = readFileSync(lock, 'utf8');
    const { lockText } = await import('../../src/lock/lock-file.ts');
    const { digests: _, ...parsed } = JSON.parse(text);
    const [debconf, other] = parsed.from.debs.packages;
    const { sha256 } = debconf;
    Object.assign(debconf, { sha256: other.sha256, size: other.size });
    writeFileSync(lock, lockText(parsed));
    expect(errorOf(await build('--allow', 'foreign-lock'))).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining(sha256),
    });

    writeFileSync(lock, text);
    for (const { inRelease } of parsed.from.debs.indexes) {
      rmSync(join(cache, 'blobs/sha256', inRelease));
    }
    forget();
    expect(errorOf(await build('--offline', '--frozen'))).toMatchObject({
      code: 'SOURCE_UNTRUSTED',
      message: expect.stringContaining('is not proven'),
      hint: expect.stringContaining('--allow foreign-lock'),
    });
    const allowed = await build('--offline', '--frozen', '--allow', 'foreign-lock');
    expect(warningsOf(allowed)).toMatchObject([{ code: 'foreign-lock' }]);
    const trust = () =>
      JSON.parse(readFileSync(join(work, 'mkbase-out/locked/trust/trust.json'), 'utf8'));
    expect(trust().unsigned).toContainEqual({ name: 'debconf', sha256, by: 'foreign-lock' });

    rmSync(cache, { recursive: true });
    const policy = join(work, 'policy.yaml');
    writeFileSync(policy, 'name: signed\nrules: { unsignedInputs: {} }\n');
    expect(warningsOf(await build('--frozen', '--policy', policy))).toEqual([]);
    expect(trust()).toMatchObject({ unsigned: [] });
    const verified = JSON.parse((await mkbase(['verify', 'locked', '--json'], own)).stdout);
    const followed = { what: 'the locked inputs against what is signed', skipped: null };
    expect(verified.checks).toContainEqual(expect.objectContaining(followed));
  });
});

describe('a bundle of inputs', () => {
  test.skipIf(process.getuid?.() !== 0)(
    'builds the same image from an empty cache without a network, and a flipped bit is refused',
    async () => {
      const work = folder();
      const args = ['hello', ...onEngine, '--out', join(work, 'out'), '--tag', 'mkbase/bundled'];
      const first = await mkbase([...args, '--json'], { cwd: work });
      const bundle = join(work, 'inputs.tar');
      const written = ['bundle', 'hello', '--out', join(work, 'out'), '-o', bundle];
      expect((await mkbase([...written, '--json'], { cwd: work })).code).toBe(0);
      const bytes = readFileSync(bundle);
      expect((await mkbase(written, { cwd: work })).stdout).toContain(
        '--inputs inputs.tar --offline',
      );
      expect(readFileSync(bundle).equals(bytes)).toBe(true);

      const offline = (file: string, name: string) =>
        mkbase(
          [
            ...['hello', ...onEngine, '--out', join(work, name), '--tag', `mkbase/bundled:${name}`],
            ...['--inputs', file, '--offline', '--no-cache', '--json'],
          ],
          {
            cwd: work,
            env: { XDG_CACHE_HOME: join(work, `cache-${name}`) },
            through: ['unshare', '--net', '--'],
          },
        );
      const again = await offline(bundle, 'again');
      expect(again.code).toBe(0);
      const digests = (text: string) => {
        const { diffId, manifestDigest } = JSON.parse(text);
        return { diffId, manifestDigest };
      };
      expect(digests(again.stdout)).toEqual(digests(first.stdout));
      expect(readFileSync(join(work, 'again/lock.json'), 'utf8')).toBe(
        readFileSync(join(work, 'out/lock.json'), 'utf8'),
      );

      const damaged = join(work, 'damaged.tar');
      cpSync(bundle, damaged);
      const flipped = Buffer.from(bytes);
      const middle = Math.floor(bytes.length / 2);
      flipped[middle] = (flipped[middle] ?? 0) ^ 1;
      writeFileSync(damaged, flipped);
      const refused = await offline(damaged, 'damaged');
      expect(refused).toMatchObject({ code: 4, stdout: '' });
      expect(refused.stderr).toMatch(/its \S+\.(deb|xz|InRelease) was changed: expected sha256:/);
      expect(existsSync(join(work, 'damaged/lock.json'))).toBe(false);

      const blob = createHash('sha256')
        .update(readFileSync(join(work, 'out/lock.json')))
        .digest('hex');
      expect(bytes.includes(`blobs/sha256/${blob}`)).toBe(true);
    },
  );
});

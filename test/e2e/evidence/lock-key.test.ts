import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { resealLock } from '../../support/reseal/reseal.ts';
import { blobsOf } from '../support/blobs.ts';
import { everyEngine } from '../support/engines.ts';
import { mkbase, type Run } from '../support/mkbase.ts';

const [{ engine } = { engine: 'auto' }] = everyEngine;
const work = temporaryFolder();
const cache = join(work, 'cache');
const env = { XDG_CACHE_HOME: cache, XDG_STATE_HOME: join(work, 'state') };
const recipe = join(work, 'recipe.yaml');
const lockFile = join(work, 'recipe.lock.json');

const run = (...args: string[]): Promise<Run> => mkbase(args, { cwd: work, env });

/** Builds as somebody does who believes nothing but what was proven, without any mirror. */
const build = (...more: string[]) =>
  run(
    ...[recipe, '--engine', engine, '--out', 'out', '--output', 'type=oci'],
    ...['--offline', '--frozen', '--policy', 'strict', ...more],
  );

interface Locked {
  readonly from: { readonly debs: { readonly indexes: readonly { readonly inRelease: string }[] } };
}

const indexesIn = (text: string): string[] =>
  (JSON.parse(text) as Locked).from.debs.indexes.map(({ inRelease }) => inRelease);

beforeAll(async () => {
  writeFileSync(recipe, 'name: signed\nfrom:\n  debs: { packages: [netbase] }\n');
  const steps = [
    [recipe, '--engine', engine, '--out', 'first', '--output', 'type=oci'],
    ['sign', '--generate-key', 'key.pem'],
    ['sign', '--generate-key', 'other.pem'],
    ['sign', lockFile, '--key', 'key.pem'],
  ];
  for (const step of steps) {
    const done = await run(...step);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
  // The packages stay; the signed indexes that speak for them, and what mkbase remembers, are gone.
  for (const inRelease of indexesIn(readFileSync(lockFile, 'utf8'))) {
    rmSync(join(blobsOf(cache), inRelease));
  }
  for (const folder of [env.XDG_STATE_HOME, join(cache, 'mkbase/state')]) {
    rmSync(folder, { recursive: true, force: true });
  }
});

const said = ({ stderr }: Run) => stderr.replaceAll(/\s+/g, ' ');

test('a lock is believed for the key that signed it where its signed indexes are gone, and verify asks for that key', async () => {
  const unsigned = await build();
  expect(unsigned).toMatchObject({ code: 4 });
  expect(said(unsigned)).toContain('is not proven');
  const made = await build('--lock-key', 'key.pem.pub');
  expect(made, made.stderr).toMatchObject({ code: 0 });
  const verified = await run('verify', 'out', '--recipe', recipe, '--lock-key', 'key.pem.pub');
  expect(verified, verified.stdout).toMatchObject({ code: 0 });
  const shown = verified.stdout.replaceAll(/\s+/g, ' ');
  expect(shown).toContain('holds the signature over lock.json (key ');
  const other = await run('verify', 'out', '--recipe', recipe, '--lock-key', 'other.pem.pub');
  expect(other).toMatchObject({ code: 11 });
});

test('another key, and a lock that was edited after it was signed, are refused', async () => {
  const wrong = await build('--lock-key', 'other.pem.pub');
  expect(wrong).toMatchObject({ code: 4 });
  expect(said(wrong)).toContain('does not hold');
  const text = readFileSync(lockFile, 'utf8');
  const [inRelease = ''] = indexesIn(text);
  writeFileSync(lockFile, resealLock(text.replaceAll(inRelease, 'a'.repeat(64))));
  const tampered = await build('--lock-key', 'key.pem.pub');
  expect(tampered).toMatchObject({ code: 4 });
  expect(said(tampered)).toContain('subject[0].digest');
});

import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindOf, listRecipes, loadRecipe } from '../../src/kinds/kinds.ts';
import { sourceOf } from '../../src/recipe/kind.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { newKey } from '../support/openpgp-key.ts';
import { type BuildSample, makeOutputFolder, sampleKey } from '../support/output-folder.ts';

const signal = new AbortController().signal;

/** Makes evidence that is sealed throughout, and verifies it with what lies in a store. */
async function verified(sample: BuildSample = {}, own?: Store, change = (_: string) => {}) {
  const folder = join(temporaryFolder(), 'out');
  const { store } = await makeOutputFolder(folder, sample);
  change(folder);
  const images = await imagesIn(folder);
  const trust = { store: own ?? store, folder: temporaryFolder(), now: new Date() };
  const report = await verify({ subject: 'sample', images, evidence: folder, trust }, signal);
  const checks = report.checks.filter(({ what }) => /signatures|signed/.test(what));
  return { mismatches: mismatchesOf(report), checks };
}

test('signatures are followed from the recipe key to each package, and the key is told to be foreign', async () => {
  const { mismatches, checks } = await verified();
  expect(mismatches).toEqual([]);
  const { fingerprint } = await sampleKey();
  expect(checks).toEqual([
    {
      what: 'the signatures in trust/',
      extent: `1 signed file, by keys of the recipe's own: ${fingerprint}`,
      mismatches: [],
    },
    { what: 'the locked inputs against what is signed', extent: '2 inputs', mismatches: [] },
  ]);
});

test('inputs whose index is not there are skipped, and said to be', async () => {
  const empty = await openStore(temporaryFolder());
  const { mismatches, checks } = await verified({}, empty);
  expect(mismatches).toEqual([]);
  expect(checks.map(({ skipped }) => skipped)).toEqual([
    undefined,
    expect.stringMatching(
      /^the package index of trixie cannot be had: .*; --inputs names a bundle/,
    ),
  ]);
});

test.each<readonly [string, () => Promise<BuildSample>, string, RegExp]>([
  [
    'garbage in place of a signed text',
    async () => ({ archive: { text: 'a signed index\n' } }),
    'trust/trixie.InRelease',
    /is not a clear-signed file/,
  ],
  [
    'the signed text of another suite',
    async () => ({ archive: { codename: 'bookworm' } }),
    'trust/trixie.InRelease',
    /is the index of bookworm, not of trixie/,
  ],
  [
    'a text that an unknown key has signed',
    async () => ({ archive: { signer: await newKey({ created: new Date('2023-01-01') }) } }),
    'trust/trixie.InRelease',
    /is not among the trusted keys/,
  ],
  [
    'a lock with other bytes than the index lists',
    async () => ({ trojan: 'iputils' }),
    'lock.json',
    /the sha256 of iputils .* the signed index says/,
  ],
])('%s, with all sums made anew, is a mismatch that says why', async (_, sample, file, why) => {
  const { mismatches } = await verified(await sample());
  expect(mismatches).toEqual([
    expect.objectContaining({ file, computed: expect.stringMatching(why) }),
  ]);
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Takes a file away, and its line in SHA256SUMS. */
function without(folder: string, name: string): void {
  rmSync(join(folder, name));
  const sums = join(folder, 'SHA256SUMS');
  const lines = readFileSync(sums, 'utf8').split('\n');
  writeFileSync(sums, lines.filter((line) => !line.endsWith(name)).join('\n'));
}

test('a copy of a recipe key that was taken away is a mismatch, since nothing can be followed', async () => {
  const { publicKey } = await sampleKey();
  const copy = `trust/key-${sha256(publicKey).slice(0, 8)}-archive.asc`;
  const { mismatches } = await verified({}, undefined, (folder) => without(folder, copy));
  expect(mismatches).toEqual([
    expect.objectContaining({
      file: 'trust/trust.json',
      claimed: 'no copy of keys/archive.asc',
    }),
  ]);
});

test('evidence whose recipe is of another kind than its lock is a mismatch', async () => {
  const { mismatches } = await verified({}, undefined, (folder) => {
    const file = join(folder, 'provenance.json');
    const text = readFileSync(file, 'utf8').replace('"kind": "debs"', '"kind": "none"');
    writeFileSync(file, text);
  });
  expect(mismatches).toContainEqual(
    expect.objectContaining({
      file: 'provenance.json',
      computed: 'one of debs, as the lock has it',
    }),
  );
});

test('what the recipes that ship ask for can be read from their own evidence', async () => {
  for (const { name } of await listRecipes(new Date(0))) {
    const { from } = await loadRecipe(name, '/');
    const written = JSON.parse(JSON.stringify(sourceOf(from)));
    expect(kindOf(from).schema.parse(written), name).toEqual(sourceOf(from));
  }
});

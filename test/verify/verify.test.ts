import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { checksThat, mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeOutputFolder } from '../support/output-folder.ts';

const signal = new AbortController().signal;

/** Verifies a folder, with inputs and signatures followed where a store is given. */
async function verifyFolder(folder: string, store?: Store) {
  const images = await imagesIn(folder);
  const trust = store && { store, folder: temporaryFolder(), now: new Date() };
  const request = { subject: 'sample', images, evidence: folder, ...(trust && { store, trust }) };
  return verify(request, signal);
}

test('a secret in a URL of the recipe, which no evidence holds, is no mismatch', async () => {
  const folder = join(temporaryFolder(), 'out');
  const image = { env: { FEED: 'https://user:secret@example.org/feed' }, cmd: ['/bin/ping'] };
  await makeOutputFolder(folder, { image });
  const provenance = readFileSync(join(folder, 'provenance.json'), 'utf8');
  expect(provenance).toContain('https://example.org/feed');
  expect(provenance).not.toContain('secret');
  expect(mismatchesOf(await verifyFolder(folder))).toEqual([]);
});

test('what a build left behind is as it claims', async () => {
  const folder = join(temporaryFolder(), 'out');
  const { store } = await makeOutputFolder(folder);
  const report = await verifyFolder(folder, store);
  expect(mismatchesOf(report)).toEqual([]);
  expect(checksThat(report, 'not checked').map(({ what }) => what)).toEqual([
    'lock.json and provenance.json against the recipe',
  ]);
  expect(checksThat(report, 'claimed').map(({ what }) => what)).toEqual([
    'the outcomes of 1 test',
    'the mirrors that 3 locked files came from',
    expect.stringMatching(/^the builder: mkbase /),
  ]);
});

test('a signed file that the cache of a build never had is missed only where SHA256SUMS lists it', async () => {
  const folder = join(temporaryFolder(), 'out');
  await makeOutputFolder(folder);
  const [signed = ''] = readdirSync(join(folder, 'trust')).filter((name) =>
    name.endsWith('.InRelease'),
  );
  rmSync(join(folder, 'trust', signed));
  expect(mismatchesOf(await verifyFolder(folder))).toEqual([
    expect.objectContaining({ file: 'SHA256SUMS', field: `trust/${signed}` }),
  ]);
  const sums = join(folder, 'SHA256SUMS');
  const lines = readFileSync(sums, 'utf8').split('\n');
  writeFileSync(sums, lines.filter((line) => !line.endsWith(signed)).join('\n'));
  expect(mismatchesOf(await verifyFolder(folder))).toEqual([]);
});

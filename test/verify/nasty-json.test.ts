import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeOutputFolder } from '../support/output-folder.ts';

/** Values that are JSON and that careless readers fall over: text that is none, times that are none. */
const nasty: readonly unknown[] = [
  { toString: 1, valueOf: 1 },
  JSON.parse('{"__proto__":{"toString":1}}'),
  null,
  [],
  [null],
  [[]],
  '',
  '\ud800',
  -1,
  1e300,
  9_007_199_254_740_991,
  true,
];

const files = [
  'provenance.json',
  'lock.json',
  'sbom.cdx.json',
  'sbom.spdx.json',
  'trust/trust.json',
];

let original = '';
let copy = '';

beforeAll(async () => {
  const scratch = temporaryFolder();
  original = join(scratch, 'out');
  copy = join(scratch, 'copy');
  await makeOutputFolder(original);
});

type Holder = Record<string, unknown>;

/** One place of each sort in a JSON value: of a list only the first members. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? ['0', '1'].slice(0, value.length) : Object.keys(value);
  return names.flatMap((name) => [
    [...path, name],
    ...places((value as Holder)[name], [...path, name]),
  ]);
}

function replaced(value: object, path: readonly string[], by: unknown): object {
  const clone = structuredClone(value) as Holder;
  const holder = path.slice(0, -1).reduce((at, name) => at[name] as Holder, clone);
  holder[path.at(-1)!] = by;
  return clone;
}

/** Verifies the copy: the number of mismatches, or the error that it ended in. */
async function verifyCopy(withImage: boolean): Promise<number | string> {
  const images = withImage ? await imagesIn(copy) : [];
  const request = { subject: 'copy', images, evidence: copy };
  return verify(request, new AbortController().signal).then(
    (report) => mismatchesOf(report).length,
    (error: unknown) => String(error),
  );
}

test.each([
  ['provenance.json', ['predicate', 'buildDefinition', 'internalParameters', 'epoch'], 1e300],
  ['provenance.json', ['predicate', 'buildDefinition', 'internalParameters', 'epoch'], 9e15],
  [
    'provenance.json',
    ['predicate', 'buildDefinition', 'externalParameters', 'sourceDateEpoch'],
    9e15,
  ],
  [
    'provenance.json',
    ['predicate', 'buildDefinition', 'externalParameters', 'sourceDateEpoch'],
    -1,
  ],
  ['lock.json', ['epoch'], 9e15],
  ['lock.json', ['recipe'], '\ud800'],
])(
  'a time that no calendar has, or text that is none, is a mismatch: %s %j',
  async (name, path, by) => {
    rmSync(copy, { recursive: true, force: true });
    cpSync(original, copy, { recursive: true });
    const value = JSON.parse(readFileSync(join(original, name), 'utf8')) as object;
    writeFileSync(join(copy, name), canonicalJson(replaced(value, path, by)));
    for (const withImage of [true, false]) expect(await verifyCopy(withImage)).toBeGreaterThan(0);
  },
);

test.each(files)('whatever stands in any field of %s, verify ends in a mismatch', async (name) => {
  const text = readFileSync(join(original, name), 'utf8');
  const value = JSON.parse(text) as object;
  const failed: unknown[] = [];
  rmSync(copy, { recursive: true, force: true });
  cpSync(original, copy, { recursive: true });
  for (const [index, path] of places(value).entries()) {
    const by = nasty[(index * 5) % nasty.length];
    const changed = canonicalJson(replaced(value, path, by));
    if (changed === text) continue;
    writeFileSync(join(copy, name), changed);
    // With the image each time it would take long.
    const outcome = await verifyCopy(index % 8 === 0);
    if (outcome === 0 || typeof outcome === 'string') failed.push([path.join('.'), by, outcome]);
  }
  expect(failed).toEqual([]);
});

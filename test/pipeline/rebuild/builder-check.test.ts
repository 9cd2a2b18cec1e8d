import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { builderCheck } from '../../../src/pipeline/rebuild/builder-check.ts';
import { temporaryFolder } from '../../support/folder.ts';

const hash = (digit: string) => digit.repeat(64);
const how = 'a rebuild with docker';

const remembered = {
  ...{ name: 'gcc-musl', key: hash('a'), platform: 'linux/amd64', tree: hash('b') },
  ...{ epoch: 0, mkbase: '1.2.3', inputs: [] },
};

/** The output folder of a rebuild, whose provenance names these builders. */
function rebuilt(...builderDependencies: object[]): string {
  const folder = temporaryFolder();
  const builder = builderDependencies.length > 0 ? { builderDependencies } : {};
  const statement = { predicate: { runDetails: { builder } } };
  writeFileSync(join(folder, 'provenance.json'), canonicalJson(statement));
  return folder;
}

const made = (key: string, tree: string) => ({
  name: 'gcc-musl',
  digest: { mkbaseToolchain: key, sha256: tree },
});

test('a builder that came out as remembered holds', async () => {
  const folder = rebuilt(made(hash('a'), hash('b')));
  expect(await builderCheck([remembered], folder, how)).toEqual([
    { what: 'a rebuild with docker: the builder gcc-musl', mismatches: [] },
  ]);
});

test('a builder that came out otherwise than remembered is a mismatch with both trees', async () => {
  const folder = rebuilt(made(hash('a'), hash('c')));
  const [check] = await builderCheck([remembered], folder, how);
  expect(check?.mismatches).toEqual([
    {
      file: `builders/${hash('a')}.json in the state folder`,
      field: 'tree',
      claimed: hash('b'),
      computed: hash('c'),
      from: how,
    },
  ]);
});

test('where nothing is remembered of a builder, and without one, there is nothing to check', async () => {
  expect(await builderCheck([remembered], rebuilt(made(hash('d'), hash('b'))), how)).toEqual([]);
  expect(await builderCheck([remembered], rebuilt(), how)).toEqual([]);
});

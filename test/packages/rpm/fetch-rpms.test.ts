import { join } from 'node:path';
import { readKey } from 'openpgp';
import { describe, expect, test } from 'vitest';
import { fetchRpms } from '../../../src/packages/rpm/fetch/fetch-rpms.ts';
import type { ListedRpm } from '../../../src/packages/rpm/repository/primary.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { newKey } from '../../support/openpgp-key.ts';
import { rpmFile } from '../../support/rpm/writer.ts';
import { quickLimits, recordingIo, serving, sha256Of } from '../../support/store.ts';

const built = 1_700_000_000;
const signed = 'packages' as const;

/** Pins a package that a repository lists, with something changed in the list. */
async function pinned(change: Partial<ListedRpm> = {}) {
  const key = await newKey();
  const bytes = await rpmFile({ key, tags: { 1006: { int32: [built] } } });
  const server = await serving(new Map([['/os/sample.rpm', bytes]]));
  const store = await openStore(join(temporaryFolder(), 'cache'), quickLimits);
  const digest = sha256Of(bytes);
  const listed: ListedRpm = {
    ...{ name: 'sample', arch: 'noarch', epoch: 0, version: '1.2', release: '3.td1' },
    ...{ href: 'sample.rpm', size: bytes.length, built, sourceRpm: undefined, licence: undefined },
    checksum: { algorithm: 'sha256', digest },
    ...change,
  };
  const asked = {
    ...{ name: 'os', url: `${server.url}/os`, signed },
    keys: [await readKey({ armoredKey: key.publicKey })],
  };
  const locked = { name: 'os', url: asked.url, signed, date: 0, sha256: digest };
  const repomd = { revision: undefined, date: 0, files: new Map() };
  const context = { store, offline: false, allow: [], now: new Date() };
  const chosen = [{ listed, repository: { asked, locked, repomd } }];
  return { packages: await fetchRpms(chosen, context, recordingIo().io), key, digest };
}

describe('a chosen package of rpm', () => {
  test('is pinned by what its signed header says', async () => {
    const { packages, key, digest } = await pinned();
    expect(packages).toMatchObject([
      { name: 'sample', version: '1.2-3.td1', sha256: digest, signedBy: [key.fingerprint] },
    ]);
  });

  test.each([
    ['another version', { release: '4.td1' }],
    ['another architecture', { arch: 'x86_64' }],
    ['a later time of building, which the image would bear', { built: built + 1 }],
  ])('is refused where the list gives it %s', async (_, change) => {
    await expect(pinned(change)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('is another package than its repository lists'),
    });
  });

  test('is not fetched where the list gives it a size that no package has', async () => {
    await expect(pinned({ size: 10 ** 15 })).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('at most 17179869184 are fetched'),
    });
  });
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whole } from '../../../src/base/whole.ts';
import { readListed } from '../../../src/packages/rpm/fetch/listed-rpms.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { quickLimits, recordingIo, sha256Of } from '../../support/store.ts';

/** Reads the names in primary metadata that lie in the store, under the path by which a list has them. */
async function namesIn(href: string, openSize?: number): Promise<string[]> {
  const bytes = Buffer.from(
    `<metadata><package type="rpm"><name>a</name><arch>noarch</arch><version epoch="0" ver="1" rel="2"/><checksum type="sha256">${'0'.repeat(64)}</checksum><time build="2"/><size package="3"/><location href="a.rpm"/></package></metadata>`,
  );
  const store = await openStore(join(temporaryFolder(), 'cache'), quickLimits);
  const digest = sha256Of(bytes);
  await store.write(whole(bytes), digest);
  const checksum = { algorithm: 'sha256', digest } as const;
  const file = { type: 'primary', href, checksum, size: undefined, openChecksum: undefined };
  const names: string[] = [];
  const add = ({ name }: { name: string }) => void names.push(name);
  await readListed({ ...file, openSize }, store, add, 'os', recordingIo().io);
  return names;
}

test('a list is read by the ending of its path', async () => {
  expect(await namesIn('repodata/primary.xml')).toEqual(['a']);
});

test.each(['repodata/primary.xml.bz2', 'repodata/primary', 'constructor', 'x.toString'])(
  'a list at %s is refused',
  async (href) => {
    await expect(namesIn(href)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('is compressed in a way that is not read'),
    });
  },
);

test('a list that is longer than is stated is refused', async () => {
  await expect(namesIn('repodata/primary.xml', 100)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringContaining('unpacks to more than 100 bytes'),
  });
});

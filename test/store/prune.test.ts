import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownedName } from '../../src/store/owner.ts';
import { pruneStore, storeSize } from '../../src/store/prune.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { filesIn, patternBytes, recordingIo, sha256Of } from '../support/store.ts';

const contents = [1000, 2000, 3000].map((size) => patternBytes(size, `${size}`));
const [small = '', middle = '', large = ''] = contents.map(sha256Of);

async function filledStore() {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  for (const bytes of contents) {
    const source = (async function* () {
      yield bytes;
    })();
    await store.write(source, sha256Of(bytes));
  }
  await writeFile(join(folder, 'partial', sha256Of('some')), 'begun');
  return { folder, store };
}

const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);

test('the size of a store is the sum of its blobs and beginnings', async () => {
  const { folder } = await filledStore();
  expect(await storeSize(folder)).toEqual({ blobs: 3, bytes: 6005 });
  expect(await storeSize(join(folder, 'nowhere'))).toEqual({ blobs: 0, bytes: 0 });
});

test('pruning keeps what it is told to keep, and says what it freed', async () => {
  const { folder } = await filledStore();
  expect(await pruneStore(folder, new Set([middle]))).toEqual({ blobs: 2, bytes: 4005 });
  expect(await filesIn(folder)).toEqual([`blobs/sha256/${middle}`]);
});

test('pruning by age keeps what was used since, verified blobs among them', async () => {
  const { folder, store } = await filledStore();
  for (const sha256 of [small, middle]) {
    await utimes(join(folder, 'blobs/sha256', sha256), days(10), days(10));
  }
  await store.verify(small, recordingIo().io);
  expect(await pruneStore(folder, new Set(), { unusedForDays: 7 })).toEqual({
    blobs: 1,
    bytes: 2000,
  });
  const left = await filesIn(folder);
  expect(left).toContain(`blobs/sha256/${small}`);
  expect(left).toContain(`blobs/sha256/${large}`);
});

test('pruning removes what killed runs left, and no file that is not the store’s own', async () => {
  const { folder } = await filledStore();
  const parts = (await ownedName()).split('-');
  parts[4] = '1';
  await mkdir(join(folder, 'tmp', parts.join('-')));
  await writeFile(join(folder, 'tmp', 'a-stranger'), '');
  await writeFile(join(folder, 'blobs/sha256', 'notes.txt'), '');
  await pruneStore(folder, new Set());
  expect(await filesIn(folder)).toEqual(['blobs/sha256/notes.txt', 'tmp/a-stranger']);
});

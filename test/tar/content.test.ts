import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/tar/content.ts';
import { temporaryFolder } from '../support/folder.ts';

test('a content is read whole, from the place where it lies in its file', async () => {
  const file = join(temporaryFolder(), 'spool');
  writeFileSync(file, 'before content after');
  expect((await readContent({ file, offset: 7, size: 7 })).toString()).toBe('content');
  expect((await readContent({ bytes: Buffer.from('bytes') })).toString()).toBe('bytes');
});

test('a content that ends before its size is an error', async () => {
  const file = join(temporaryFolder(), 'spool');
  writeFileSync(file, 'short');
  await expect(readContent({ file, offset: 0, size: 6 })).rejects.toMatchObject({ code: 'IO' });
});

test('a content that no text could hold is refused before it takes any memory', async () => {
  const content = { file: '/dev/zero', offset: 0, size: 2 ** 29 };
  await expect(readContent(content)).rejects.toMatchObject({
    code: 'ARCHIVE_REFUSED',
    message: expect.stringContaining('A file of 536870912 bytes'),
  });
});

import { expect, test } from 'vitest';
import { readContent } from '../../src/tar/content.ts';
import { rootFile, rootLink } from '../../src/tar/root-entry.ts';

const ofRoot = { uid: 0, gid: 0, xattrs: [] };

test('a file of root has the bytes of its text or of its content, and their number as its size', async () => {
  const text = rootFile('ä', 'ö');
  expect(text).toMatchObject({ ...ofRoot, path: '\xc3\xa4', mode: 0o644, mtime: 0, size: 2 });
  expect((await readContent(text.content)).toString()).toBe('ö');
  const bytes = rootFile('a', Buffer.from([0xff]), 7);
  expect(bytes).toMatchObject({ mtime: 7, size: 1, content: { bytes: Buffer.from([0xff]) } });
  const content = { file: '/somewhere', offset: 3, size: 5 };
  expect(rootFile('a', content)).toMatchObject({ size: 5, content });
});

test('a link of root leads where it is told, by bytes', () => {
  const expected = { ...ofRoot, type: 'symlink', path: 'a', target: '\xff', mode: 0o777, mtime: 3 };
  expect(rootLink('a', '\xff', 3)).toEqual(expected);
});

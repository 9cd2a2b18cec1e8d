import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  packageNames,
  packagesWith,
  scanIndex,
} from '../../../../src/packages/deb/index/index-scan.ts';
import { temporaryFolder } from '../../../support/folder.ts';

async function scanned<T>(
  text: string,
  scan: (file: Awaited<ReturnType<typeof open>>) => Promise<T>,
) {
  const path = join(temporaryFolder(), 'Packages');
  await writeFile(path, text);
  const file = await open(path);
  try {
    return await scan(file);
  } finally {
    await file.close();
  }
}

describe('an index', () => {
  test.each([
    ['nothing', '', []],
    ['an empty line', '\n', []],
    ['one stanza without an end', 'Package: a', ['a']],
    ['stanzas apart by one empty line', 'Package: a\nV: 1\n\nPackage: b\n', ['a', 'b']],
    ['stanzas apart by more', '\n\nPackage: a\n\n\n\nPackage: b\n\n\n', ['a', 'b']],
  ])('of %s is read', async (_, text, names) => {
    expect([...(await scanned(text, packageNames))]).toEqual(names);
    const { starts, ends } = await scanned(text, scanIndex);
    const stanzas = Array.from(starts, (start, at) => text.slice(start, ends[at]));
    expect(stanzas.map((each) => each.split('\n')[0])).toEqual(
      names.map((name) => `Package: ${name}`),
    );
  });

  test.each([
    ['as the last line of all', 'Package: a\nP: x', []],
    ['as the last line of all, which is ended', 'Package: a\nP: x\n', ['a']],
    ['in the middle of a stanza', 'Package: a\nP: x\nV: 1\n\nPackage: b\n', ['a']],
    ['at the end of a stanza', 'Package: a\nV: 1\nP: x\n\nPackage: b\nP: xy\n', ['a']],
    ['in the last stanza of a name', 'Package: a\n\nPackage: a\nP: x\n', ['a']],
    ['not in the last stanza of a name', 'Package: a\nP: x\n\nPackage: a\n', []],
    ['in every stanza', 'Package: a\nP: x\n\nPackage: b\nP: x\n', ['a', 'b']],
  ])('tells which packages have a line %s', async (_, text, names) => {
    const found = await scanned(text, (file) => packagesWith(file, 'P: x'));
    expect([...found]).toEqual(names);
  });

  test.each(['V', 'Packag', 'Version: 1\nPackage: a\n', ' \n'])(
    'that begins with %j is refused',
    async (text) => {
      await expect(scanned(text, scanIndex)).rejects.toThrow(SyntaxError);
    },
  );
});

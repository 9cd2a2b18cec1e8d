import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toByteString } from '../../src/base/byte-string.ts';
import { mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { epoch } from '../support/image.ts';
import { makeOutputFolder } from '../support/output-folder.ts';
import { file, symlink } from '../support/tar.ts';

const signal = new AbortController().signal;

/** Names that have broken other tools: not UTF-8, alike after decoding, or read as something else. */
const names = [
  ...['h\xe9llo', 'h\xeallo', 'h\xff', 'h\xfe', '\xed\xa0\x80', '\xc0\x80x'],
  ...['h\\377', 'h\\134377', 'a\\', '\\x2d'].map(toByteString),
  ...['e\u0301', '\u00e9', '\u2028', '\u202e', '\ufeff', '\ufffd', 'İ', 'ß'].map(toByteString),
  ...['a\nb', 'a\tb', '\x01', '\x7f', '\x1b[31m', 'a\r'],
  ...[
    '-rf',
    '--',
    '%s',
    '%00',
    '%2F',
    '#',
    '# x',
    ' ',
    ' a',
    'a b',
    '*',
    '?',
    '[a]',
    '=',
    'a=b',
    '~',
  ],
  ...['__proto__', 'constructor', '.', '...', "'", '"', '`', '$(x)', '&', ';', 'a:b', 'CON'],
].filter((name) => name !== '.');
const name = fc.oneof(
  fc.constantFrom(...names),
  fc
    .uint8Array({ minLength: 1, maxLength: 6 })
    .map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[\0/]/g, 'x'))
    .filter((text) => !/^\.{1,2}$|^\.wh\./.test(text)),
);
const value = fc
  .uint8Array({ maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const target = fc.tuple(name, name).map(([one, two]) => `${one}/${two}`);
const tree = fc.tuple(
  fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
  fc.array(target, { maxLength: 4 }),
  // Others are refused: no archive holds them safely.
  fc.uniqueArray(
    fc.tuple(
      name.filter((text) => !/[=%\0]/.test(text)),
      value,
    ),
    { selector: ([key]) => key, maxLength: 3 },
  ),
);

const at = { mtime: epoch };

async function mismatchesIn(folder: string, withImage: boolean) {
  const images = withImage ? await imagesIn(folder) : [];
  return mismatchesOf(await verify({ subject: 'sample', images, evidence: folder }, signal));
}

test('names, link targets and attributes of any bytes are no mismatch, with the image and without', async () => {
  const scratch = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(tree, async ([files, links, attributes]) => {
      const folder = join(scratch, 'out');
      for (const each of [folder, `${folder}-work`]) rmSync(each, { recursive: true, force: true });
      const xattrs = attributes
        .map(([key, text]) => [`user.${key}`, text] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const entries = [
        ...files.map((each) => file(`f/${each}`, each, { ...at, xattrs })),
        ...links.map((each, index) => symlink(`l/${index}`, each, at)),
      ];
      await makeOutputFolder(folder, { entries });
      expect(await mismatchesIn(folder, false)).toEqual([]);
      expect(await mismatchesIn(folder, true)).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('all of these names in one image are no mismatch', async () => {
  const folder = join(temporaryFolder(), 'out');
  await makeOutputFolder(folder, { entries: names.map((each) => file(`f/${each}`, each, at)) });
  expect(await mismatchesIn(folder, false)).toEqual([]);
  expect(await mismatchesIn(folder, true)).toEqual([]);
});

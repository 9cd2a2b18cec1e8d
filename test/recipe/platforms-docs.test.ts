import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { platformNames, platforms } from '../../src/base/platform.ts';
import { loadBuilder, loadRecipe } from '../../src/kinds/kinds.ts';
import { alpineArch } from '../../src/packages/apk/arch.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fencesOf, readMarkdown } from '../support/markdown.ts';

const text = readMarkdown('docs/platforms.md');

/** The cells of each row of the table that begins with a platform. */
const rows = [...text.matchAll(/^\| `(linux\/[^`]+)` +\|(.*)\|$/gm)].map(
  ([, name = '', cells = '']) => [name, ...cells.split('|').map((cell) => cell.trim())],
);

async function compiles(recipe: string, target: (typeof platformNames)[number]) {
  try {
    await loadBuilder(await loadRecipe(recipe, '/'), '/', { target, machine: 'linux/amd64' });
    return 'yes';
  } catch (error) {
    expect(error).toBeInstanceOf(MkbaseError);
    return '';
  }
}

test('the table of docs/platforms.md has every platform, its names and its compilers', async () => {
  const expected = platformNames.map(async (name) => {
    const { debian, alpine = '', debianSuite = 'none' } = platforms[name];
    const compilers = ['hello', 'hello-musl', 'hello-glibc'].map((each) => compiles(each, name));
    return [name, debian, alpine, debianSuite, ...(await Promise.all(compilers))];
  });
  expect(rows).toEqual(await Promise.all(expected));
});

test('the message that docs/platforms.md shows is the one that comes', () => {
  const [, shown = ''] = /^error: (.*?)linux\/amd64, linux\/arm64, …$/m.exec(text) ?? [];
  expect(shown).not.toBe('');
  expect(() => alpineArch('linux/arm/v5')).toThrow(shown);
});

test('the examples of docs/platforms.md are sound', async () => {
  const examples = fencesOf(text).filter(({ language }) => language === 'yaml');
  expect(examples).toHaveLength(2);
  for (const [at, example] of examples.entries()) {
    const folder = join(temporaryFolder(), 'own');
    mkdirSync(folder);
    for (const name of ['hello.c', 'Makefile']) writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, 'recipe.yaml'), `name: example-${at}\n${example.text}`);
    expect((await loadRecipe('.', folder)).name).toBe(`example-${at}`);
  }
});

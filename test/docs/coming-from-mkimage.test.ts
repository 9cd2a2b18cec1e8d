import { expect, test } from 'vitest';
import { packageRoot } from '../../src/base/package-root.ts';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { codeSpansOf, readMarkdown } from '../support/markdown.ts';

const commands = codeSpansOf(readMarkdown('docs/coming-from-mkimage.md')).flatMap((span) => {
  const [, word = ''] = /^mkbase (?:export )?([\w:-]+)/.exec(span) ?? [];
  return word === '' || word === 'update' ? [] : [word];
});

test('docs/coming-from-mkimage.md names a recipe for each way to make a base', () => {
  expect(commands.length).toBeGreaterThan(9);
});

test.each([...new Set(commands)])(
  'it names %s, which ships, in a release that it has',
  async (word) => {
    const [name] = word.split(':');
    expect(await loadRecipe(word, packageRoot)).toMatchObject({ name });
  },
);

import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unprintable } from '../../src/base/characters.ts';
import { MkbaseError } from '../../src/base/errors.ts';
import { kinds, loadRecipe } from '../../src/kinds/kinds.ts';
import { check } from '../../src/recipe/check.ts';
import { parseYaml } from '../../src/recipe/diagnostics/parse-yaml.ts';
import { recipeError } from '../../src/recipe/diagnostics/recipe-error.ts';
import { recipeSchema } from '../../src/recipe/schema/schema.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const valid = `name: widget
description: "A recipe that uses much of what there is."
from:
  static:
    toolchain: gcc-musl
    archive: { url: "https://example.org/w.tar.gz", sha256: ${'a'.repeat(64)} }
    defines: { A: 1, B: true, C: text }
    build: [[make, -j2]]
    programs: { src/w: /w, src/x: { path: /x, mode: "0700" } }
files:
  - { path: /a, content: hi }
  - path: /b
    symlink: /a
accounts:
  users: [{ name: app, uid: 1 }]
slim:
  - { drop: /usr/share/doc/**, reason: because }
image: { cmd: [/w], env: { A: b }, expose: ["80"] }
test:
  - run: []
    stdout: |
      hello
`;

/** What is wrong with a text; undefined when nothing is. Any other error than mkbase's own escapes. */
function refusalOf(text: string): MkbaseError | undefined {
  const source = { file: '/r/recipe.yaml', shownAs: 'recipe.yaml', text, sha256: '' };
  try {
    const { tree, mistakes } = parseYaml(source);
    const checked = check(recipeSchema(kinds), tree, text);
    const all = [...mistakes, ...checked.mistakes];
    for (const { span } of all) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.start).toBeLessThanOrEqual(text.length);
    }
    if (checked.fields === undefined) expect(all).not.toEqual([]);
    return all.length === 0 ? undefined : recipeError(source, all);
  } catch (error) {
    if (error instanceof MkbaseError) return error;
    throw error;
  }
}

function expectReadable(error: MkbaseError | undefined): void {
  if (error === undefined) return;
  expect(error.code).toBe('RECIPE_INVALID');
  expect(error.message).toMatch(/^\d+ mistakes? in recipe\.yaml\n\nrecipe\.yaml:\d+:\d+: \S/);
  for (const line of error.message.split('\n')) expect(line).not.toMatch(unprintable);
}

const fragment = fc.constantFrom(
  ...[': ', '- ', '? ', '\n', '\n  ', '\t', '{', '}', '[', ']', ',', '&a ', '*a', '!!str ', '!x '],
  ...['"', "'", '|\n', '>-\n', '#', '---\n', '...\n', '%YAML 1.1\n', '<<: ', '__proto__: x', '~'],
  ...['null', 'yes', '0x10', '1e999', '.nan', '-0', '\u0000', '\u001b[2J', '\r', '\u202e', '日本'],
  ...['😀', '\ufeff', '"\\ud800"', '@', '`', '$(id)', '; rm -rf /', '../..', '-o'],
);

const mutated = fc
  .array(fc.tuple(fc.nat(valid.length), fc.nat(12), fragment), { minLength: 1, maxLength: 4 })
  .map((edits) =>
    edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), valid),
  );

const yamlText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')),
  mutated,
);

test('the recipe that the mutations start from is sound', () => {
  expect(refusalOf(valid)).toBeUndefined();
});

test.each([
  'from: {}',
  'from: { nothing: {} }',
  'from:\n  ; rm -rf / static:\n    toolchain: gcc-musl',
  'from: { debs: ~ }',
  'from: { constructor: {} }',
])('%j names no kind and is refused with readable mistakes', (from) => {
  const refused = refusalOf(`name: widget\n${from}\n`);
  expect(refused?.code).toBe('RECIPE_INVALID');
  expectReadable(refused);
});

test('any text is either a recipe or refused with readable mistakes', () => {
  fc.assert(
    fc.property(yamlText, (text) => expectReadable(refusalOf(text))),
    { numRuns: 600 },
  );
});

test('any data in the place of any part is either accepted or refused at its place', () => {
  const data = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constantFrom({ path: '/a' }, { constructor: { prototype: 1 } }, { url: 'x', debian: 1 }),
  );
  const places = [...valid.matchAll(/(?<=: |- |\[)[^\s:,{}[\]]+/g)].map(({ 0: part, index }) => ({
    index,
    end: index + part.length,
  }));
  fc.assert(
    fc.property(data, fc.constantFrom(...places), (value, { index, end }) => {
      const written = JSON.stringify(value).replaceAll('\u007f', '');
      expectReadable(refusalOf(valid.slice(0, index) + written + valid.slice(end)));
    }),
    { numRuns: 300 },
  );
});

test('any bytes in the file are either a recipe or refused', async () => {
  const cwd = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), async (bytes) => {
      await writeTree(cwd, { 'recipe.yaml': bytes });
      expectReadable(await refusal(loadRecipe('./recipe.yaml', cwd)));
    }),
    { numRuns: 100 },
  );
});

test.each([[[0xef]], [[0x61, 0xef, 0xbf]], [[0x61, 0xc3]]])(
  'a file that ends within a character, bytes %j, is refused as not UTF-8',
  async (bytes) => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'recipe.yaml': Uint8Array.from(bytes) });
    const error = await refusal(loadRecipe('./recipe.yaml', cwd));
    expect(error).toMatchObject({ code: 'RECIPE_INVALID' });
    expect(error.message).toContain('is not UTF-8 text');
  },
);

test('nothing in a recipe reaches the prototype of objects', () => {
  for (const name of ['__proto__', 'constructor', 'prototype']) {
    for (const at of ['', 'image: { env: ', 'from: { debs: { exclude: ']) {
      const text = `${at}{ ${name}: { polluted: yes } }${at.replace(/[^{]/g, '').replaceAll('{', '}')}\n`;
      expect(refusalOf(text)?.message).toContain(`the name "${name}" is refused`);
    }
  }
  expect({}).not.toHaveProperty('polluted');
});

describe('a bomb is refused', () => {
  const aliases = Array.from({ length: 30 }, (_, level) =>
    level === 0 ? 'a0: &a0 [x, x]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
  ).join('\n');
  const size = 4000;
  test.each([
    ['of aliases', aliases, 'a YAML anchor is not accepted'],
    ['of flow sequences', '['.repeat(size), 'nested too deeply'],
    ['of flow mappings', '{a: '.repeat(size), 'nested too deeply'],
    ['of block sequences', '- '.repeat(size), 'nested too deeply'],
    ['of closed brackets', `${'['.repeat(100)}${']'.repeat(100)}`, 'nested too deeply'],
    ['of fields', Array.from({ length: size }, (_, n) => `k${n}: 1`).join('\n'), 'and 39'],
    ['of one field', 'name: x\n'.repeat(size), 'duplicate field "name"'],
    ['of documents', '---\n'.repeat(3000), 'a second YAML document begins here'],
    [
      'of a million signs',
      `platforms: [${'x,'.repeat(500_000)}]`,
      'more than 50000 words and signs',
    ],
    ['of a million brackets', '['.repeat(1_000_000), 'more than 50000 words and signs'],
    ['of a million controls', '\u0001'.repeat(1_000_000), 'the invisible character U+0001'],
    ['of list entries', `platforms: [${'x,'.repeat(size)}]`, 'and 39'],
    ['of one long word', `name: ${'x'.repeat(size)}`, 'expected at most 64 characters'],
    ['of one long number', `name: ${'1'.repeat(size)}`, 'expected text, found the number 111'],
    ['of one long anchor', `name: &${'x'.repeat(size)} x`, 'a YAML anchor is not accepted'],
    ['of one long key', `${'x'.repeat(1000)}: 1`, 'unknown field "xxx'],
  ])('%s', (_, text, message) => {
    const error = refusalOf(text);
    expectReadable(error);
    expect(error?.message).toContain(message);
    expect(error?.message.length).toBeLessThan(40_000);
  });
});

test('a recipe cannot reach a file outside its folder through a folder that is a link', async () => {
  const folder = temporaryFolder();
  await symlink('/etc', join(folder, 'etc'));
  await writeTree(folder, {
    'recipe.yaml':
      'name: x\nfrom: { debs: { packages: [libc6] } }\nfiles: [{ path: /a, source: etc/passwd }]\n',
  });
  const { message } = await refusal(loadRecipe('.', folder));
  expect(message).toContain('"etc/passwd" is a symbolic link that leaves the recipe\'s folder');
});

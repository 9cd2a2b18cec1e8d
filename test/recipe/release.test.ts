import { describe, expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { splitRelease } from '../../src/recipe/release.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const sha512 = '0'.repeat(128);

/** A package whose recipes are these. */
async function shipping(recipes: Readonly<Record<string, string>>): Promise<string> {
  const root = temporaryFolder();
  const files = Object.entries(recipes).map(([name, from]) => [
    `recipes/${name}.yaml`,
    `name: ${name}\nepoch: 0\nfrom: ${from}\n`,
  ]);
  await writeTree(root, {
    ...(Object.fromEntries(files) as Record<string, string>),
    'toolchains/cc.yaml': '',
  });
  return root;
}

const alpine = '{ minirootfs: { distro: alpine, release: "3.20" } }';

describe('a release after the name', () => {
  test("takes the place of the recipe's", async () => {
    const root = await shipping({ alpine });
    const recipe = await loadRecipe('alpine:3.19.1', root, root);
    expect(recipe.release).toBe('3.19.1');
    expect(recipe.from).toMatchObject({ minirootfs: { distro: 'alpine', release: '3.19.1' } });
    expect(await loadRecipe('alpine', root, root)).not.toHaveProperty('release');
  });

  test.each(['foo', '', '3', '3.20 ', '3.20.3.4'])('is refused when it is %j', async (release) => {
    const root = await shipping({ alpine });
    const error = await refusal(loadRecipe(`alpine:${release}`, root, root));
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('alpine:3.20') });
  });

  test.each([
    ['debs', '{ debs: { packages: [libc6] } }', { suite: 'bookworm' }],
    ['debootstrap', '{ debootstrap: { suite: trixie } }', { suite: 'bookworm' }],
  ])('is the suite of a recipe of %s', async (kind, from, suite) => {
    const root = await shipping({ base: from });
    const recipe = await loadRecipe('base:bookworm', root, root);
    expect(recipe.from).toMatchObject({ kind, [kind]: suite });
    expect(recipe.release).toBe('bookworm');
    const error = await refusal(loadRecipe('base:12', root, root));
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('base:trixie') });
  });

  test('is the branch of a recipe of apk', async () => {
    const root = await shipping({ base: '{ apk: { branch: "3.20", packages: [busybox] } }' });
    const recipe = await loadRecipe('base:3.19', root, root);
    expect(recipe.from).toMatchObject({ apk: { branch: '3.19' } });
    const error = await refusal(loadRecipe('base:3.19.1', root, root));
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('base:3.20') });
  });

  test.each([
    [
      'a program',
      '{ static: { toolchain: cc, archive: { debian: lua5.4 }, programs: { lua: /lua } } }',
    ],
    [
      'an archive by URL',
      `{ minirootfs: { url: "https://example.org/x.tar", sha512: "${sha512}" } }`,
    ],
  ])('is refused for a recipe of %s, which has none', async (_, from) => {
    const root = await shipping({ base: from });
    const error = await refusal(loadRecipe('base:12', root, root));
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--tag') });
  });

  test('is refused for a recipe that pins the archive of one release', async () => {
    const from = `{ minirootfs: { distro: alpine, release: "3.20", sha512: "${sha512}" } }`;
    const root = await shipping({ alpine: from });
    const error = await refusal(loadRecipe('alpine:3.19', root, root));
    expect(error).toMatchObject({ code: 'USAGE' });
  });

  test('leaves the name to be corrected', async () => {
    const root = await shipping({ alpine });
    const error = await refusal(loadRecipe('alpin:3.20', root, root));
    expect(error).toMatchObject({
      code: 'RECIPE_NOT_FOUND',
      hint: expect.stringContaining('Did you mean "alpine"?'),
    });
  });
});

test('a path keeps its colons', () => {
  expect(splitRelease('./a:b')).toEqual({ name: './a:b' });
  expect(splitRelease('a:b.yaml')).toEqual({ name: 'a:b.yaml' });
});

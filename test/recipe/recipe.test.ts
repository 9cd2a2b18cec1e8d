import { createHash } from 'node:crypto';
import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kinds, loadRecipe } from '../../src/kinds/kinds.ts';
import { loadToolchain } from '../../src/recipe/load.ts';
import { compilerOf } from '../../src/recipe/recipe.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const recipe = (name: string) => `name: ${name}\nfrom: { debs: { packages: [libc6] } }\n`;
const toolchain = (name: string) =>
  `${recipe(name)}toolchain: { libc: none, cc: [cc], cxx: [c++], strip: [strip] }\n`;

/** A folder of mkbase's own with two recipes and a toolchain. */
async function root(): Promise<string> {
  const folder = temporaryFolder();
  await writeTree(folder, {
    'recipes/small.yaml': recipe('small'),
    'recipes/hello/recipe.yaml': recipe('hello'),
    'recipes/README.md': '',
    'toolchains/gcc.yaml': toolchain('gcc'),
  });
  return folder;
}

describe('loadRecipe', () => {
  test('loads a recipe that ships with mkbase by its name', async () => {
    const folder = await root();
    const small = await loadRecipe('small', '/', folder);
    expect(small.name).toBe('small');
    expect(small.origin).toEqual({
      file: join(folder, 'recipes/small.yaml'),
      folder: join(folder, 'recipes'),
      builtIn: true,
      sha256: createHash('sha256').update(recipe('small')).digest('hex'),
    });
    const hello = await loadRecipe('hello', '/', folder);
    expect(hello.origin.folder).toBe(join(folder, 'recipes/hello'));
  });

  test.each(['mine.yaml', './mine.yaml', 'sub/', './sub', 'sub/recipe.yaml', 'other.yml'])(
    'loads %j as a path',
    async (path) => {
      const cwd = temporaryFolder();
      await writeTree(cwd, {
        'mine.yaml': recipe('mine'),
        'sub/recipe.yaml': recipe('mine'),
        'other.yml': recipe('mine'),
      });
      const { name, origin } = await loadRecipe(path, cwd);
      expect(name).toBe('mine');
      expect(origin.builtIn).toBe(false);
      expect(origin.file.startsWith(`${cwd}/`)).toBe(true);
    },
  );

  test('loads the working folder and the one above', async () => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'recipe.yaml': recipe('here'), 'sub/recipe.yaml': recipe('below') });
    expect((await loadRecipe('.', join(cwd, 'sub'))).name).toBe('below');
    expect((await loadRecipe('..', join(cwd, 'sub'))).name).toBe('here');
  });

  test('fills in the defaults', async () => {
    const {
      from,
      files,
      accounts,
      slim,
      image,
      test: tests,
    } = await loadRecipe('small', '/', await root());
    expect(from).toEqual({
      kind: 'debs',
      debs: {
        suite: 'trixie',
        security: true,
        components: ['main'],
        packages: ['libc6'],
        exclude: {},
        sources: [],
        keyrings: [],
        diversions: [],
      },
    });
    expect({ files, accounts, slim, tests }).toEqual({
      files: [],
      accounts: { users: [], groups: [] },
      slim: [],
      tests: [],
    });
    expect(image).toEqual({ env: {}, expose: [], volumes: [], labels: {}, annotations: {} });
  });

  test('takes a byte order mark and Windows line ends', async () => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'recipe.yaml': `\ufeff${recipe('mine').replaceAll('\n', '\r\n')}` });
    expect((await loadRecipe('.', cwd)).name).toBe('mine');
  });

  test('a bare name never means a file of the working folder', async () => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'hello/recipe.yaml': recipe('mine'), 'own/recipe.yaml': recipe('own') });
    expect((await loadRecipe('hello', cwd, await root())).name).toBe('hello');
    const error = await refusal(loadRecipe('own', cwd, await root()));
    expect(error.code).toBe('RECIPE_NOT_FOUND');
    expect(error.hint).toContain('"./own"');
  });

  test('suggests the name that was meant', async () => {
    const error = await refusal(loadRecipe('helo', '/', await root()));
    expect(error.code).toBe('RECIPE_NOT_FOUND');
    expect(error.message).toBe('No recipe named "helo" ships with mkbase.');
    expect(error.hint).toMatch(/^Did you mean "hello"\? `mkbase list` shows them all;/);
  });

  test.each([
    '',
    '-x',
    'a\u0000b',
    'x\u001b[31m\ny',
    '__proto__',
    'constructor',
    'README.md',
    'x'.repeat(9000),
  ])('refuses the name %j in one line', async (name) => {
    const error = await refusal(loadRecipe(name, '/', await root()));
    expect(error.code).toBe('RECIPE_NOT_FOUND');
    expect(error.message).toMatch(/^[ -~…]{1,200}$/);
  });

  test.each([
    './no',
    '/no/such/file.yaml',
    'no.yaml',
    './a\u0000b',
    `./${'x'.repeat(9000)}`,
    './file/x',
  ])('finds nothing at the path %j', async (path) => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { file: '' });
    const error = await refusal(loadRecipe(path, cwd));
    expect(error.code).toBe('RECIPE_NOT_FOUND');
    expect(error.message).toMatch(/^There is no recipe at "/);
  });

  test('says that a folder holds no recipe', async () => {
    const error = await refusal(loadRecipe('.', temporaryFolder()));
    expect(error.code).toBe('RECIPE_NOT_FOUND');
    expect(error.message).toBe('The folder "." holds no recipe.yaml.');
  });

  test('refuses what is no regular file without waiting for it', async () => {
    const cwd = temporaryFolder();
    await symlink('/dev/zero', join(cwd, 'zero.yaml'));
    const zero = await refusal(loadRecipe('zero.yaml', cwd));
    expect(zero.message).toBe('Cannot read zero.yaml: it is not a regular file.');
    await writeTree(cwd, { 'recipe.yaml/recipe.yaml/x': '' });
    expect((await refusal(loadRecipe('.', cwd))).code).toBe('IO');
  });

  test('refuses a link that leads to itself', async () => {
    const cwd = temporaryFolder();
    await symlink('loop.yaml', join(cwd, 'loop.yaml'));
    const error = await refusal(loadRecipe('loop.yaml', cwd));
    expect(error.code).toBe('IO');
    expect(error.message).toBe('Cannot read loop.yaml: its symbolic links form a loop.');
  });

  test('refuses a file that is too large', async () => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'recipe.yaml': '#'.repeat(1_048_577) });
    const error = await refusal(loadRecipe('.', cwd));
    expect(error.message).toBe('Cannot read recipe.yaml: it is larger than 1048576 bytes.');
  });

  test('points at the byte that is not UTF-8', async () => {
    const cwd = temporaryFolder();
    const bytes = Buffer.concat([Buffer.from('name: gr'), Buffer.from([0xfc]), Buffer.from('n\n')]);
    await writeTree(cwd, { 'recipe.yaml': bytes });
    const error = await refusal(loadRecipe('.', cwd));
    expect(error.code).toBe('RECIPE_INVALID');
    expect(error.message).toContain('recipe.yaml:1:9: the byte 0xfc is not UTF-8 text\n');
  });

  test('names the file that may not be read', async () => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'recipe.yaml': recipe('mine') });
    await chmod(join(cwd, 'recipe.yaml'), 0);
    const outcome = await loadRecipe('.', cwd).catch((error: unknown) => error);
    // The superuser may read it all the same.
    if (process.getuid?.() === 0) expect(outcome).toHaveProperty('name', 'mine');
    else expect(outcome).toHaveProperty('message', 'Cannot read recipe.yaml: permission denied.');
  });
});

describe('loadToolchain', () => {
  test('loads one that ships with mkbase', async () => {
    const folder = await root();
    const { origin } = await loadRecipe('small', '/', folder);
    const gcc = await loadToolchain('gcc', origin, { cwd: '/', kinds, root: folder });
    expect(gcc.toolchain).toMatchObject({ libc: 'none', cc: ['cc'], linkFlags: [], env: {} });
    expect(gcc.origin).toMatchObject({ builtIn: true, folder: join(folder, 'toolchains') });
  });

  test('prefers the one beside the recipe', async () => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'recipe.yaml': recipe('x'), 'toolchains/gcc.yaml': toolchain('gcc') });
    const { origin } = await loadRecipe('.', cwd);
    const gcc = await loadToolchain('gcc', origin, { cwd, kinds, root: await root() });
    expect(gcc.origin).toMatchObject({ builtIn: false, folder: join(cwd, 'toolchains') });
  });

  test('suggests the name that was meant', async () => {
    const folder = await root();
    const { origin } = await loadRecipe('small', '/', folder);
    const error = await refusal(loadToolchain('gc', origin, { cwd: '/', kinds, root: folder }));
    expect(error.code).toBe('RECIPE_NOT_FOUND');
    expect(error.hint).toContain('did you mean "gcc"?');
  });

  test('refuses one whose files would have to be fetched', async () => {
    const cwd = temporaryFolder();
    const file = `{ path: /x, url: "https://example.org/x", sha256: ${'0'.repeat(64)} }`;
    await writeTree(cwd, {
      'recipe.yaml': recipe('x'),
      'toolchains/own.yaml': `${recipe('own')}files:\n  - ${file}\n`,
    });
    const { origin } = await loadRecipe('.', cwd);
    const error = await refusal(loadToolchain('own', origin, { cwd, kinds }));
    expect(error.message).toContain("own.yaml:4:22: a toolchain's files are not fetched");
  });

  test('calls the compiler only of one that says how', async () => {
    const cwd = temporaryFolder();
    await writeTree(cwd, { 'recipe.yaml': recipe('x'), 'toolchains/bare.yaml': recipe('bare') });
    const { origin } = await loadRecipe('.', cwd);
    const bare = await loadToolchain('bare', origin, { cwd, kinds });
    expect(() => compilerOf(bare)).toThrow('the toolchain bare has no compiler');
  });

  test('refuses one that is itself compiled, and one under another name', async () => {
    const cwd = temporaryFolder();
    const settings = 'toolchain: { libc: none, cc: [cc], cxx: [c++], strip: [strip] }\n';
    await writeTree(cwd, {
      'recipe.yaml': recipe('x'),
      'a.c': '',
      'toolchains/a.c': '',
      'toolchains/own.yaml': `name: own\nfrom: { static: { toolchain: gcc, sources: [a.c] } }\n${settings}`,
      'toolchains/alias.yaml': toolchain('other'),
    });
    const { origin } = await loadRecipe('.', cwd);
    const compiled = await refusal(loadToolchain('own', origin, { cwd, kinds }));
    expect(compiled.message).toContain('expected "debs": a toolchain is unpacked packages');
    const alias = await refusal(loadToolchain('alias', origin, { cwd, kinds }));
    expect(alias.message).toContain('expected the name of the file, "alias"');
  });
});

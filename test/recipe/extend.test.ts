import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import type { RecipeError } from '../../src/recipe/diagnostics/recipe-error.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const debs = 'from: { debs: { packages: [libc6] } }\n';

/** A folder with these files, and mkbase's own recipes in `mkbase/`. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder();
  await writeTree(folder, {
    'mkbase/recipes/alpine.yaml':
      'name: alpine\nfrom: { minirootfs: { distro: alpine, release: "3.20" } }\n',
    'mkbase/recipes/lone.yaml': `name: lone\n${debs}`,
    'mkbase/toolchains/cc.yaml': '',
    ...files,
  });
  return folder;
}

const load = (folder: string, word = '.') => loadRecipe(word, folder, join(folder, 'mkbase'));

/** The recipe `recipe.yaml` that adds the text to `base.yaml`. */
async function extended(base: string, own = '') {
  const folder = await folderOf({
    'base.yaml': `name: base\n${base}`,
    'recipe.yaml': `name: child\nextends: ./base.yaml\n${own}`,
  });
  return load(folder);
}

describe('a recipe on top of another', () => {
  test('is made from what that one is made from', async () => {
    const recipe = await extended(`description: The base.\nplatforms: [linux/amd64]\n${debs}`);
    expect(recipe).toMatchObject({
      name: 'child',
      from: { kind: 'debs', debs: { packages: ['libc6'] } },
      platforms: ['linux/amd64'],
    });
    expect(recipe).not.toHaveProperty('description');
    expect(recipe).not.toHaveProperty('extends');
  });

  test('adds to its lists, behind what is there', async () => {
    const recipe = await extended(
      `${debs}packages: [bash, tar]
files: [{ path: /a, content: base }, { path: /b, content: base }]
accounts: { users: [{ name: app, uid: 1 }], groups: [{ name: log, gid: 7 }] }
slim: [{ drop: /x, reason: one }]
run: [["true"]]
`,
      `packages: [tar, zip]
files: [{ path: /c, content: own }, { path: /a, symlink: /b }]
accounts: { users: [{ name: web, uid: 2 }], groups: [{ name: run, gid: 8 }] }
slim: [{ drop: /y, reason: two }]
run: [["false"]]
`,
    );
    expect(recipe.packages).toEqual(['bash', 'tar', 'zip']);
    expect(recipe.from).toMatchObject({ debs: { packages: ['libc6', 'bash', 'tar', 'zip'] } });
    expect(recipe.files.map(({ path }) => path)).toEqual(['/b', '/c', '/a']);
    expect(recipe.files[2]).toMatchObject({ symlink: '/b' });
    expect(recipe.accounts.users.map(({ name }) => name)).toEqual(['app', 'web']);
    expect(recipe.accounts.groups.map(({ name }) => name)).toEqual(['log', 'run']);
    expect(recipe.slim.map(({ drop }) => drop)).toEqual(['/x', '/y']);
    expect(recipe.run).toEqual([['true'], ['false']]);
  });

  test('replaces what it states of the image, names of ENV and LABEL one by one', async () => {
    const base = `${debs}image:
  cmd: [/base]
  env: { A: base, B: base }
  labels: { a: base }
  user: nobody
  expose: ["80"]
  volumes: [/data]
`;
    const { image } = await extended(
      base,
      'image: { env: { B: own, C: own }, labels: { b: own }, expose: ["80", "81"], volumes: [/log], user: app }\n',
    );
    expect(image).toMatchObject({
      cmd: ['/base'],
      env: { A: 'base', B: 'own', C: 'own' },
      labels: { a: 'base', b: 'own' },
      user: 'app',
      expose: ['80', '81'],
      volumes: ['/data', '/log'],
    });
    expect((await extended(base)).image).toMatchObject({ user: 'nobody', env: { B: 'base' } });
  });

  test('forgets the command with another entrypoint, and keeps it otherwise', async () => {
    const base = `${debs}image: { entrypoint: [/base], cmd: [-x] }\n`;
    const entered = await extended(base, 'image: { entrypoint: [/own] }\n');
    expect(entered.image).toMatchObject({ entrypoint: ['/own'] });
    expect(entered.image).not.toHaveProperty('cmd');
    const commanded = await extended(base, 'image: { cmd: [-y] }\n');
    expect(commanded.image).toMatchObject({ entrypoint: ['/base'], cmd: ['-y'] });
  });

  test('has tests of its own only, and the epoch that it states', async () => {
    const base = `${debs}epoch: 1\ntest: [{ run: [] }]\n`;
    expect(await extended(base)).toMatchObject({ epoch: 1, test: [] });
    expect((await extended(base, 'epoch: 2\n')).epoch).toBe(2);
  });

  test('calls the program of sources as the one that holds them does', async () => {
    const folder = await folderOf({
      'tool/recipe.yaml': 'name: tool\nfrom: { static: { toolchain: cc, sources: [a.c] } }\n',
      'tool/a.c': '',
      'recipe.yaml': 'name: child\nextends: ./tool\n',
    });
    const { from } = await load(folder);
    expect(from).toMatchObject({ static: { programs: { tool: '/tool' } } });
  });

  test('takes files from beside the recipe that names them', async () => {
    const folder = await folderOf({
      'base/recipe.yaml': `name: base\n${debs}files: [{ path: /a, source: a.conf }]\n`,
      'base/a.conf': '',
      'recipe.yaml':
        'name: child\nextends: ./base\nfiles: [{ path: /b, source: b.conf }, { path: /c, content: c }]\n',
      'b.conf': '',
    });
    const { files, origin, fromOrigin } = await load(folder);
    expect(files[0]?.beside?.folder).toBe(join(folder, 'base'));
    expect(files[1]?.beside).toBeUndefined();
    expect(origin.folder).toBe(folder);
    expect(fromOrigin.folder).toBe(join(folder, 'base'));
  });

  test('may be the third of a chain', async () => {
    const folder = await folderOf({
      'one/recipe.yaml': `name: one\n${debs}packages: [bash]\nfiles: [{ path: /1, source: 1.conf }]\n`,
      'one/1.conf': '',
      'two.yaml': 'name: two\nextends: one/\npackages: [tar]\nimage: { env: { A: two } }\n',
      'recipe.yaml': 'name: three\nextends: two.yaml\npackages: [zip]\n',
    });
    const recipe = await load(folder);
    expect(recipe.packages).toEqual(['bash', 'tar', 'zip']);
    expect(recipe.image.env).toEqual({ A: 'two' });
    expect(recipe.files[0]?.beside?.folder).toBe(join(folder, 'one'));
    expect(recipe.ancestors.map(({ file }) => file)).toEqual([
      join(folder, 'two.yaml'),
      join(folder, 'one/recipe.yaml'),
    ]);
  });
});

describe('extends: with a name', () => {
  test('is a recipe that ships with mkbase, whatever stands beside', async () => {
    const folder = await folderOf({
      'lone.yaml': `name: other\n${debs}`,
      'recipe.yaml': 'name: child\nextends: lone\n',
    });
    const { ancestors } = await load(folder);
    expect(ancestors).toMatchObject([
      { builtIn: true, file: join(folder, 'mkbase/recipes/lone.yaml') },
    ]);
  });

  test('may choose a release, which the image is not tagged with', async () => {
    const folder = await folderOf({ 'recipe.yaml': 'name: child\nextends: alpine:3.19\n' });
    const recipe = await load(folder);
    expect(recipe.from).toMatchObject({ minirootfs: { release: '3.19' } });
    expect(recipe).not.toHaveProperty('release');
  });

  test('lets the release be chosen with the name of the recipe on top', async () => {
    const folder = await folderOf({
      'mkbase/recipes/alpine-tools.yaml': 'name: alpine-tools\nextends: alpine\n',
    });
    const { from, release } = await load(folder, 'alpine-tools:3.18');
    expect(from).toMatchObject({ minirootfs: { release: '3.18' } });
    expect(release).toBe('3.18');
  });
});

/** The one mistake that `extends: <word>` is refused with, without the file's own name. */
async function mistakeOf(word: string, files: Readonly<Record<string, string>> = {}) {
  const folder = await folderOf({
    ...files,
    'recipe.yaml': `name: child\nextends: ${word}\n`,
  });
  const error = (await refusal(load(folder))) as RecipeError;
  expect(error.code).toBe('RECIPE_INVALID');
  expect(error.diagnostics).toHaveLength(1);
  return { folder, ...error.diagnostics[0]! };
}

describe('extends: is refused at its place', () => {
  test.each([
    ['alpin', 'no recipe named "alpin" ships with mkbase', 'Did you mean "alpine"?'],
    ['./bose.yaml', 'there is no recipe at "./bose.yaml"', 'did you mean "./base.yaml"?'],
    ['sub/bose.yaml', 'there is no recipe at "sub/bose.yaml"', 'did you mean "./sub/base.yaml"?'],
    ['../nowhere', 'there is no recipe at "../nowhere"', 'holds recipe.yaml'],
    ['./sub', 'the folder "./sub" holds no recipe.yaml', 'recipe.yaml'],
    ['./base.txt', 'expected a YAML file, found "./base.txt"', undefined],
    ['/etc/base.yaml', 'expected the name of a recipe', undefined],
    ['~/base.yaml', 'expected the name of a recipe', undefined],
    ['"-x"', 'expected the name of a recipe', undefined],
    ['alpine:nosuch', 'there can be no release "nosuch" of alpine', 'alpine:3.20'],
    ['lone:NO', 'there can be no release "NO" of lone', 'lone:trixie'],
  ])('when it is %s', async (word, message, hint) => {
    const files = { 'base.yaml': `name: base\n${debs}`, 'sub/base.yaml': '', 'base.txt': '' };
    const mistake = await mistakeOf(word, files);
    expect(mistake).toMatchObject({ line: 2, column: 10 });
    expect(mistake.message).toContain(message);
    if (hint !== undefined) expect(mistake.hint).toContain(hint);
  });

  test.each(['.', './recipe.yaml', './again.yaml'])('when %s leads back', async (word) => {
    const { message, file, folder } = await mistakeOf(word, {
      'again.yaml': 'name: again\nextends: ./recipe.yaml\n',
    });
    expect(message).toContain('leads back to this recipe');
    expect(file).toBe(join(folder, word === './again.yaml' ? 'again.yaml' : 'recipe.yaml'));
  });

  test('when a symbolic link leads back, however long the path grows', async () => {
    const folder = await folderOf({ 'recipe.yaml': 'name: child\nextends: ./self\n' });
    await symlink('.', join(folder, 'self'));
    const error = await refusal(load(folder));
    expect(error.message).toContain('leads back to this recipe');
  });

  test('with the mistakes of the base, where they are', async () => {
    const { file, folder, line, message } = await mistakeOf('./base.yaml', {
      'base.yaml': `name: base\n${debs}filez: []\n`,
    });
    expect(file).toBe(join(folder, 'base.yaml'));
    expect(line).toBe(3);
    expect(message).toBe('unknown field "filez"');
  });

  test('with an account that the base has', async () => {
    const folder = await folderOf({
      'base.yaml': `name: base\n${debs}accounts: { users: [{ name: app, uid: 10001 }], groups: [{ name: log, gid: 7 }] }\n`,
      'recipe.yaml': `name: child
extends: base.yaml
accounts:
  users:
    - { name: app, uid: 10002 }
    - { name: web, uid: 10001 }
    - { name: web, uid: 10003 }
  groups:
    - { name: other, gid: 7 }
`,
    });
    const { diagnostics } = (await refusal(load(folder))) as RecipeError;
    const inBase = ', in a recipe that this one adds to';
    expect(diagnostics).toMatchObject([
      {
        line: 5,
        column: 15,
        message: 'the name "app" is taken',
        hint: `app has the uid 10001 already${inBase}`,
      },
      {
        line: 6,
        column: 25,
        message: 'the uid 10001 is taken',
        hint: `app has the uid 10001 already${inBase}`,
      },
      {
        line: 7,
        column: 15,
        message: 'the name "web" is taken',
        hint: 'web has the uid 10001 already',
      },
      {
        line: 9,
        column: 27,
        message: 'the gid 7 is taken',
        hint: `log has the gid 7 already${inBase}`,
      },
    ]);
  });
});

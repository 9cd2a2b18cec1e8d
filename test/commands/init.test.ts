import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/base/package-root.ts';
import { init } from '../../src/commands/init.ts';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { kindModules } from '../../src/kinds/registry.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';
import { createContext } from '../support/ui/context.ts';

async function started(folder: string, kind: string, name?: string) {
  const context = createContext();
  const options = { kind, json: true as const, ...(name !== undefined && { name }) };
  expect(await init(folder, options, context)).toBe(0);
  return JSON.parse(context.stdout.text());
}

describe.each(Object.keys(kindModules))('mkbase init --kind %s', (kind) => {
  test('writes a sound recipe of that kind, with all that it names', async () => {
    const folder = join(temporaryFolder(), 'My Café');
    const { name, files } = await started(folder, kind);
    expect(name).toBe('my-cafe');
    expect((await readdir(folder)).sort()).toEqual([...files].sort());
    const recipe = await loadRecipe(folder, '/');
    expect(recipe).toMatchObject({ name, from: { kind } });
    expect(recipe.description).toMatch(/^[A-Z].+\.$/);
    expect(recipe.test).not.toEqual([]);
  });

  test('has further fields in comments, which are sound as well', async () => {
    const folder = temporaryFolder();
    await started(folder, kind, 'app');
    const file = join(folder, 'recipe.yaml');
    const text = await readFile(file, 'utf8');
    // Explanations begin with a capital letter; what follows "# " otherwise is YAML.
    const whole = text.replace(/^( *)# (?=[a-z-]+:| +-|- )/gm, '$1');
    expect(whole).not.toBe(text);
    await writeFile(file, whole.replace(/^yaml-language-server.*\n/, ''));
    await writeTree(folder, { 'include/x.h': '' });
    const { packages, run, files } = await loadRecipe(folder, '/');
    expect(files).not.toEqual([]);
    // The packages of `debs`, `apk`, `rpm` and `pacman` are listed below `from`.
    const adds = ['minirootfs', 'debootstrap'].includes(kind);
    const runs = adds || ['apk', 'rpm', 'pacman'].includes(kind);
    expect([packages.length > 0, run.length > 0]).toEqual([adds, runs]);
  });

  test('points editors to the schema beside it', async () => {
    const folder = temporaryFolder();
    await started(folder, kind, 'app');
    const [line] = (await readFile(join(folder, 'recipe.yaml'), 'utf8')).split('\n');
    expect(line).toBe('# yaml-language-server: $schema=./recipe.schema.json');
    const shipped = await readFile(join(packageRoot, 'schema/recipe.schema.json'), 'utf8');
    expect(await readFile(join(folder, 'recipe.schema.json'), 'utf8')).toBe(shipped);
  });
});

describe('mkbase init', () => {
  test('says what it wrote and which command builds it', async () => {
    const folder = join(temporaryFolder(), "it's");
    const context = createContext();
    await init(folder, { kind: 'static' }, context);
    const lines = context.stdout.text().split('\n');
    expect(lines).toEqual([
      'it-s',
      'kind   static',
      'files  recipe.yaml',
      '       hello.c',
      '       recipe.schema.json',
      expect.stringMatching(/^next {3}mkbase build '.*it'\\''s'$/),
      '',
    ]);
  });

  test.each(['42', 'true', '1.0', 'a.b_c-d'])('takes the name %s as text', async (name) => {
    const folder = temporaryFolder();
    await started(folder, 'static', name);
    expect((await loadRecipe(folder, '/')).name).toBe(name);
  });

  test.each(['A b', '-x', '', 'x\n'])('refuses the name %j', async (name) => {
    const folder = join(temporaryFolder(), 'new');
    const attempt = init(folder, { kind: 'static', name }, createContext());
    expect(await refusal(attempt)).toMatchObject({ code: 'USAGE' });
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('asks for a name where the folder gives none', async () => {
    const attempt = init('/tmp/日本', { kind: 'static' }, createContext());
    const error = await refusal(attempt);
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--name') });
  });

  test.each(['recipe.yaml', 'hello.c', 'recipe.schema.json'])(
    'overwrites no %s, and then writes nothing at all',
    async (name) => {
      const folder = temporaryFolder();
      await writeTree(folder, { [name]: 'mine' });
      const error = await refusal(init(folder, { kind: 'static', name: 'app' }, createContext()));
      expect(error).toMatchObject({ code: 'USAGE' });
      expect(error.message).toContain(`holds ${name} already`);
      expect(await readdir(folder)).toEqual([name]);
      expect(await readFile(join(folder, name), 'utf8')).toBe('mine');
    },
  );

  test('says so when the folder cannot be made', async () => {
    const folder = temporaryFolder();
    await writeTree(folder, { file: '' });
    const attempt = init(join(folder, 'file/app'), { kind: 'debs' }, createContext());
    expect(await refusal(attempt)).toMatchObject({ code: 'IO' });
  });
});

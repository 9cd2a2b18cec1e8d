import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MkbaseError } from '../../../src/base/errors.ts';
import { loadRecipe } from '../../../src/kinds/kinds.ts';
import { atItsLine } from '../../../src/recipe/diagnostics/at-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { writeTree } from '../../support/recipe.ts';

const recipe = `name: nginx
description: nginx
extends: ./base.yaml
packages: [zip, nginx=1.0]
accounts:
  users:
    - { name: app, uid: 0 }
`;

async function placed(about: readonly string[]) {
  const folder = temporaryFolder();
  await writeTree(folder, {
    'recipe.yaml': recipe,
    'base.yaml': 'name: base\nfrom: { debootstrap: { suite: trixie } }\npackages: [curl]\n',
  });
  const error = new MkbaseError({ code: 'PACKAGE_NOT_FOUND', message: 'No.', hint: 'Do.', about });
  const loaded = await loadRecipe('.', folder);
  return { error, shown: (await atItsLine(error, loaded, folder)) as MkbaseError };
}

test('an error about a package shows where the recipe asks for it', async () => {
  const { shown } = await placed(['nginx']);
  expect(shown).toMatchObject({ code: 'PACKAGE_NOT_FOUND', hint: 'Do.' });
  expect(shown.message).toBe(
    `No.

recipe.yaml:4:17
   4 | packages: [zip, nginx=1.0]
     |                 ^^^^^^^^^`,
  );
});

test('each word is shown once, also where a recipe that this one adds to has it', async () => {
  const { shown } = await placed(['app', 'curl', 'trixie']);
  expect(shown.message.match(/^\S+\.yaml:.*$/gm)).toEqual([
    'recipe.yaml:7:15',
    'base.yaml:3:12',
    'base.yaml:2:31',
  ]);
});

test('an error about nothing in the recipe stays as it is', async () => {
  const { shown, error } = await placed(['libc6']);
  expect(shown).toBe(error);
  expect((await placed([])).shown.message).toBe('No.');
});

test('whatever is no refusal stays as it is', async () => {
  const defect = new Error('defect');
  const origin = { file: join('/', 'nowhere'), folder: '/', builtIn: false, sha256: '' };
  expect(await atItsLine(defect, { origin, ancestors: [] }, '/')).toBe(defect);
  const about = ['x'];
  const error = new MkbaseError({ code: 'IO', message: 'No.', about });
  expect(await atItsLine(error, { origin, ancestors: [] }, '/')).toBe(error);
});

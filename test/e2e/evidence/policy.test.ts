import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { mkbase, root } from '../support/mkbase.ts';

const work = folderForEachTest();
const run = (...args: string[]) => mkbase(args, { cwd: work() });
const build = (recipe: string, ...args: string[]) =>
  run(recipe, '--engine', 'docker', '--output', 'type=oci', ...args);
const own = (name: string, text: string) => writeFileSync(join(work(), name), text);

interface Sarif {
  readonly runs: readonly [{ readonly results: readonly { readonly ruleId: string }[] }];
}
const rulesIn = (name: string) => {
  const [{ results }] = (JSON.parse(readFileSync(join(work(), name), 'utf8')) as Sarif).runs;
  return results.map(({ ruleId }) => ruleId);
};

/** The recipe that docs/policy.md shows, in a folder of its own. */
function hardenedRecipe(): string {
  const blocks = readFileSync(join(root, 'docs/policy.md'), 'utf8').matchAll(
    /```yaml\n([^`]*)```/g,
  );
  const text = [...blocks].map(([, block = '']) => block).find((each) => each.includes('from:'));
  mkdirSync(join(work(), 'hardened'));
  own('hardened/recipe.yaml', text ?? '');
  own(
    'hardened/main.c',
    '#include <stdio.h>\nint main(void) { char a[64]; return fgets(a, 64, stdin) != 0; }\n',
  );
  return './hardened';
}

test('a program at a fixed address is not let pass by strict, and nothing of it appears', async () => {
  const { code, stderr } = await build('hello', '--policy', 'strict', '--sarif', 'found.sarif');
  expect(code).toBe(12);
  expect(stderr).toContain('/hello is loaded at a fixed address (no PIE).');
  expect(stderr).toContain('code: POLICY');
  expect(existsSync(join(work(), 'mkbase-out/hello/image.oci.tar'))).toBe(false);
  expect(existsSync(join(work(), 'mkbase-out/hello/provenance.json'))).toBe(false);
  expect(rulesIn('found.sarif')).toEqual(['hardening', 'stackProtector']);
});

test('the same passes where a policy of its own says why it is fine, and verify agrees', async () => {
  own(
    'own.yaml',
    'name: own\nextends: strict\nrules:\n  hardening:\n    allow: { /hello: no input }\n',
  );
  expect(await build('hello', '--policy', 'own.yaml')).toMatchObject({ code: 0 });
  expect(await run('verify', 'hello')).toMatchObject({ code: 0 });
});

test('the recipe that docs/policy.md shows meets strict', async () => {
  const built = await build(hardenedRecipe(), '--policy', 'strict', '--sarif', 'none.sarif');
  expect(built).toMatchObject({ code: 0 });
  expect(rulesIn('none.sarif')).toEqual([]);
});

test('an image of signed packages meets strict', async () => {
  const built = await build('distroless-static', '--policy', 'strict');
  expect(built).toMatchObject({ code: 0 });
});

test('a policy does not change a byte of image or evidence', async () => {
  own('own.yaml', 'name: own\nrules: { size: { most: 1GB } }\n');
  expect(await build('hello', '--policy', 'own.yaml', '--out', 'with')).toMatchObject({ code: 0 });
  expect(await build('hello', '--out', 'without')).toMatchObject({ code: 0 });
  execFileSync('diff', ['--recursive', 'with', 'without'], { cwd: work() });
});

test('mistakes in a policy are shown before anything is built', async () => {
  own('own.yaml', 'name: own\nrules: { setiud: {} }\n');
  const { code, stderr } = await build('hello', '--policy', 'own.yaml');
  expect(code).toBe(3);
  expect(stderr).toContain('own.yaml:2:10: unknown field "setiud"');
});

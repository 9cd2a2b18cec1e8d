import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/base/package-root.ts';
import { apkKeyFolder } from '../../src/packages/apk/keys.ts';
import { keyringFolders } from '../../src/packages/keyrings/shipped.ts';
import { builtInPolicies, loadPolicy } from '../../src/policy/load.ts';
import { policyJsonSchema, ruleSchemas } from '../../src/policy/schema.ts';
import { RecipeError } from '../../src/recipe/diagnostics/recipe-error.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

/** The rules of a policy whose file holds this text. */
async function rulesOf(text: string, name = 'policy.yaml') {
  const folder = temporaryFolder();
  await writeTree(folder, { [name]: text });
  return (await loadPolicy(`./${name}`, folder)).rules;
}

describe('loadPolicy', () => {
  test('reads YAML, and JSON as well', async () => {
    const rules = { size: { most: '5MB' } };
    expect(await rulesOf('name: mine\nrules: { size: { most: 5MB } }\n')).toEqual(rules);
    expect(await rulesOf(JSON.stringify({ name: 'mine', rules }), 'p.json')).toEqual(rules);
  });

  test('adds to the policy that it extends, setting by setting', async () => {
    const strict = (await loadPolicy('strict', '/')).rules;
    const rules = await rulesOf(
      [
        'name: mine',
        'extends: strict',
        'rules:',
        '  setuid: { allow: { /usr/bin/su: people change users in it } }',
        '  worldWritable: { allow: { /var/spool/mail: a mail server } }',
        '  licences: false',
        '  indexAge: { most: 90d }',
      ].join('\n'),
    );
    expect(rules.licences).toBeUndefined();
    expect(rules.indexAge).toEqual({ ...strict.indexAge, most: '90d' });
    expect(rules.setuid?.reason).toBe(strict.setuid?.reason);
    expect(Object.keys(rules.worldWritable?.allow ?? {})).toEqual(['/dev/**', '/var/spool/mail']);
    expect(rules.hardening).toEqual(strict.hardening);
  });

  test('shows every mistake with its place', async () => {
    const text = [
      'name: mine',
      'rules:',
      '  setiud: {}',
      '  size: { most: 50 MB }',
      '  hardening: { require: [pie, relor] }',
      '  keys: { allow: { 0xABC: me } }',
    ].join('\n');
    const error = await refusal(rulesOf(text));
    expect(error).toBeInstanceOf(RecipeError);
    const places = (error as RecipeError).diagnostics.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );
    expect(places).toEqual([
      '3:3 unknown field "setiud"',
      '4:17 expected a size, for instance 50MB or 64MiB',
      '5:31 expected "pie", "relro", "bindNow" or "nx", found the text "relor"',
      expect.stringMatching(/^6:20 expected/),
    ]);
  });

  test('says of an unknown name and of a missing file what there is', async () => {
    const unknown = await refusal(loadPolicy('strickt', '/'));
    expect(unknown).toMatchObject({ code: 'RECIPE_NOT_FOUND' });
    expect(unknown.hint).toContain('strict');
    const missing = await refusal(loadPolicy('./none.yaml', '/'));
    expect(missing).toMatchObject({ code: 'RECIPE_NOT_FOUND' });
    expect(missing.message).toContain('./none.yaml');
  });
});

test('schema/policy.schema.json is what the schema says (UPDATE_SCHEMA=1 writes it)', () => {
  const file = join(packageRoot, 'schema/policy.schema.json');
  const generated = `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE_SCHEMA === '1') writeFileSync(file, generated);
  expect(readFileSync(file, 'utf8')).toBe(generated);
});

describe('docs/policy.md', () => {
  const text = readFileSync(join(packageRoot, 'docs/policy.md'), 'utf8');

  test('has an example that loads', async () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    expect(Object.keys(await rulesOf(example))).toContain('size');
  });

  test('describes every rule with each of its settings, and no other', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \|[^|]+\|([^|]*)\|$/gm)];
    expect(rows.map(([, rule]) => rule)).toEqual(Object.keys(ruleSchemas));
    for (const [, rule = '', settings] of rows) {
      const { shape } = ruleSchemas[rule as keyof typeof ruleSchemas];
      const own = Object.keys(shape).filter((name) => !['level', 'reason'].includes(name));
      for (const name of own) expect(settings, rule).toMatch(new RegExp(`\`${name}(?:: true)?\``));
    }
  });
});

describe('the policies that ship with mkbase', () => {
  test('are the files in policies/', () => {
    const names = readdirSync(join(packageRoot, 'policies')).map((file) => file.slice(0, -5));
    expect(names).toEqual([...builtInPolicies]);
  });

  test.each(builtInPolicies)('%s says why of each of its rules', async (name) => {
    const { rules } = await loadPolicy(name, '/');
    for (const [rule, settings] of Object.entries(rules)) {
      expect(settings.reason, rule).toMatch(/^[^.].{10,}[^.]$/);
    }
  });

  test('strict asks every rule but the size, of which nobody else knows the right one', async () => {
    const { rules } = await loadPolicy('strict', '/');
    const asked = Object.keys(ruleSchemas).filter((rule) => rule !== 'size');
    expect(Object.keys(rules)).toEqual(asked);
  });

  test('strict believes the keys that ship with mkbase and no other', async () => {
    const documents = keyringFolders.map((folder) =>
      readFileSync(join(packageRoot, folder, 'README.md'), 'utf8'),
    );
    const shipped = documents.flatMap((text) =>
      [...text.matchAll(/\| `([0-9A-F]{40})` \|/g)].map(([, key]) => key),
    );
    const apk = readdirSync(apkKeyFolder)
      .filter((name) => !name.includes('.'))
      .flatMap((arch) => readdirSync(join(apkKeyFolder, arch)));
    const { rules } = await loadPolicy('strict', '/');
    expect(Object.keys(rules.keys?.allow ?? {}).sort()).toEqual([...shipped, ...apk].sort());
  });
});

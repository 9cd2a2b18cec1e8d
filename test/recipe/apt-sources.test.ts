import { expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

async function mistakes(fields: string, kind = 'debootstrap'): Promise<string> {
  const folder = temporaryFolder();
  const recipe = `name: demo\nfrom:\n  ${kind}:\n    suite: trixie\n${fields}`;
  await writeTree(folder, { 'recipe.yaml': recipe, 'docker.asc': 'key' });
  const error = (await refusal(loadRecipe('./recipe.yaml', folder))) as Error;
  return error.message;
}

const source = (fields: string) => `    sources:\n      - ${fields}\n`;
const url = 'url: https://packages.example.org/debian';

test.each([
  ['a URL without a name', `{ ${url}, suite: trixie, keys: [docker.asc] }`, /6:9.*"name"/s],
  ['a URL without keys', `{ name: docker, ${url}, suite: trixie }`, /6:9.*"keys"/s],
  ['a name without a URL', '{ name: mine, suite: trixie-backports }', /6:17.*"url"/s],
  ['a key without a URL', '{ suite: experimental, keys: [docker.asc] }', /6:38.*"url"/s],
  [
    'a flat repository',
    `{ name: flat, ${url}, suite: ./, keys: [docker.asc] }`,
    /6:\d+.*flat repository/s,
  ],
  ['no suite', `{ name: docker, ${url}, keys: [docker.asc] }`, /6:\d+.*suite/s],
  ['a word of apt', '{ suite: trixie-backports, signed-by: a.asc }', /6:\d+.*signed-by/s],
  [
    'a fingerprint that is none',
    `{ name: d, ${url}, suite: t, keys: [docker.asc], fingerprints: [A1] }`,
    /6:\d+.*40 upper-case/s,
  ],
  [
    'the same source twice',
    '{ suite: experimental }\n      - { suite: experimental }',
    /7:\d+.*already/s,
  ],
])('a source with %s is refused at its place', async (_, fields, expected) => {
  expect(await mistakes(source(fields))).toMatch(expected);
  expect(await mistakes(`    packages: [a1]\n${source(fields)}`.replace(/^/, ''), 'debs')).toMatch(
    new RegExp(
      expected.source.replace(/^(\d)/, (line) => String(Number(line) + 1)),
      's',
    ),
  );
});

test.each([
  ['no line of debconf', 'tzdata', /5:15.*package question type value/s],
  ['an unknown type', 'tzdata tzdata/Areas choice Europe', /5:15.*package question type value/s],
  ['a password', 'mysql mysql/root password secret', /5:15.*no password/s],
])('an answer that is %s is refused at its place', async (_, line, expected) => {
  expect(await mistakes(`    debconf: ["${line}"]\n`)).toMatch(expected);
});

test('backports as the suite are told where they belong', async () => {
  const folder = temporaryFolder();
  const from = 'debootstrap: { suite: trixie-backports }';
  await writeTree(folder, { 'recipe.yaml': `name: demo\nfrom:\n  ${from}\n` });
  const error = (await refusal(loadRecipe('./recipe.yaml', folder))) as Error;
  expect(error.message).toMatch(/3:25.*sources: \[\{ suite: trixie-backports \}\]/s);
});

test('a package is asked for from a suite where apt is, and not where apk is', async () => {
  const folder = temporaryFolder();
  const recipe = (from: string) =>
    `name: demo\nfrom: { ${from} }\npackages: [git/trixie-backports]\n`;
  await writeTree(folder, { 'recipe.yaml': recipe('debootstrap: { suite: trixie }') });
  expect((await loadRecipe('./recipe.yaml', folder)).packages).toEqual(['git/trixie-backports']);
  await writeTree(folder, { 'recipe.yaml': recipe('apk: { branch: "3.20", packages: [a1] }') });
  const error = (await refusal(loadRecipe('./recipe.yaml', folder))) as Error;
  expect(error.message).toMatch(/3:12/);
});

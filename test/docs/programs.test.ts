import { expect, test } from 'vitest';
import {
  fieldPrograms,
  fieldRecipe,
  fieldRows,
  installedPackages,
  installedPrograms,
  installedRows,
  quickPrograms,
} from '../support/field.ts';
import { readMarkdown } from '../support/markdown.ts';
import { fullTimesOf } from '../support/proofs.ts';

const markdown = readMarkdown('docs/programs.md');

test('docs/programs.md has a row for each program that is built, in the order of their names', () => {
  expect(fieldRows().map(({ name }) => name)).toEqual([...fieldPrograms].sort());
});

test('it has a row for each program that is installed, with the packages of its recipe', () => {
  const rows = installedPrograms.map((name) => ({
    name,
    packages: installedPackages(name)
      .map((each) => `\`${each}\``)
      .join(', '),
    size: expect.stringMatching(/^\d+\.\d MB$/),
  }));
  expect(installedRows()).toEqual(rows);
});

test('the soak leaves none of them out', () => {
  expect(fullTimesOf('fieldPrograms')).toBe(fieldPrograms.length);
  expect(fullTimesOf('installedPrograms')).toBe(installedPrograms.length);
});

test.each(fieldRows())(
  '$name is shown as its recipe has it',
  ({ name, toolchain, build, size }) => {
    const recipe = fieldRecipe(name);
    const { toolchain: used, build: commands } = recipe.from.static;
    const packages = typeof used === 'string' ? '' : ` with ${used.packages.join(', ')}`;
    expect(toolchain).toBe(`\`${typeof used === 'string' ? used : used.extends}\`${packages}`);
    expect(build).toBe(commands.map((words) => `\`[${words.join(', ')}]\``).join(' '));
    expect(size).toMatch(/^\d+\.\d (?:kB|MB)$/);
  },
);

test.each(fieldRows())(
  'what is special about $name names the fields that its recipe has for it',
  (row) => {
    const recipe = fieldRecipe(row.name);
    const { flags = [], archive } = recipe.from.static;
    expect(archive.debian).toMatch(new RegExp(`^${row.name}`));
    const named = { flags: flags.length > 0, extends: recipe.extends !== undefined };
    expect(row.special.includes('`flags: ')).toBe(named.flags);
    expect(row.special.includes(`\`${recipe.extends}\``)).toBe(named.extends);
    if (named.flags) expect(row.special).toContain(`\`flags: [${flags.join(', ')}]\``);
  },
);

test('the quick ones have one builder, and the page says which they are', () => {
  const toolchains = quickPrograms.map((name) =>
    JSON.stringify(fieldRecipe(name).from.static.toolchain),
  );
  expect(new Set(toolchains).size).toBe(1);
  expect(markdown).toContain(
    `${quickPrograms.slice(0, -1).join(', ')} and ${quickPrograms.at(-1)} share one list`,
  );
});

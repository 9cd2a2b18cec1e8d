import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closure } from '../../../../src/packages/deb/choose/closure.ts';
import { type Candidate, candidateOf } from '../../../../src/packages/deb/index/candidate.ts';
import { parseParagraph } from '../../../../src/packages/deb/index/paragraph.ts';
import type { Universe } from '../../../../src/packages/deb/index/universe.ts';

/** A universe of packages given as `name: Field: value; Field: value`. */
function universe(packages: Readonly<Record<string, string>>): Universe {
  const all = new Map<string, Candidate>();
  for (const [name, fields] of Object.entries(packages)) {
    const own = fields.split(';').map((field) => field.trim());
    const version = own.some((field) => field.startsWith('Version:')) ? [] : ['Version: 1'];
    const lines = [`Package: ${name}`, 'Architecture: amd64', ...version, ...own];
    all.set(name, candidateOf(parseParagraph(lines.join('\n')), 'trixie', 'amd64'));
  }
  return {
    find: async (name) => all.get(name),
    providers: async (name) =>
      [...all.values()]
        .filter((each) => each.name !== name && each.provides.some((one) => one.name === name))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    names: async () => all.keys(),
  };
}

const chosen = async (
  packages: Readonly<Record<string, string>>,
  wanted: readonly string[],
  exclude: readonly string[] = [],
) =>
  (await closure(universe(packages), { packages: wanted, exclude: new Set(exclude) })).map(
    ({ name }) => name,
  );

describe('closure', () => {
  test('takes Depends and Pre-Depends, and neither Recommends nor Suggests', async () => {
    const packages = {
      a: 'Depends: b\nPre-Depends: c\nRecommends: d\nSuggests: d',
      b: 'Depends: c',
      c: '',
      d: '',
    };
    expect(await chosen(packages, ['a'])).toEqual(['a', 'b', 'c']);
  });

  test('ends when packages depend on each other', async () => {
    expect(await chosen({ a: 'Depends: b', b: 'Depends: a' }, ['a'])).toEqual(['a', 'b']);
  });

  test('takes the first alternative that is there and fits', async () => {
    const packages = { a: 'Depends: none | old (>= 2) | c | d', old: '', c: '', d: '' };
    expect(await chosen(packages, ['a'])).toEqual(['a', 'c']);
  });

  test('takes no alternative where another one comes along anyway', async () => {
    const packages = { a: 'Depends: c | d, b', b: 'Depends: d', c: '', d: '' };
    expect(await chosen(packages, ['a'])).toEqual(['a', 'b', 'd']);
  });

  test('chooses among providers by priority, then by name', async () => {
    const packages = {
      a: 'Depends: awk',
      gawk: 'Provides: awk\nPriority: optional',
      mawk: 'Provides: awk\nPriority: required',
      nawk: 'Provides: awk\nPriority: required',
    };
    expect(await chosen(packages, ['a'])).toEqual(['a', 'mawk']);
  });

  test('a version is met only by what is provided with a version', async () => {
    const packages = { a: 'Depends: api (>= 2)', b: 'Provides: api', c: 'Provides: api (= 2.1)' };
    expect(await chosen(packages, ['a'])).toEqual(['a', 'c']);
  });

  test('what is excluded counts as there, by its own name and by what it provides', async () => {
    const packages = { a: 'Depends: b, api | other', b: '', c: 'Provides: api', other: '' };
    expect(await chosen(packages, ['a'], ['b', 'c'])).toEqual(['a']);
  });

  test('names the chain that led to what nothing meets', async () => {
    const packages = { a: 'Depends: b', b: 'Depends: c (>= 2)', c: '' };
    await expect(chosen(packages, ['a'])).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: 'a → b depends on c (>= 2), which no package meets; there is c 1.',
    });
  });

  test('says of a virtual package who provides it', async () => {
    await expect(chosen({ mawk: 'Provides: awk' }, ['awk'])).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      hint: expect.stringContaining('mawk'),
    });
  });

  test.each([
    ['Conflicts', { a: 'Conflicts: b', b: '' }],
    ['Breaks', { a: '', b: 'Breaks: a (<< 2)' }],
    [
      'a virtual package that both provide',
      { a: 'Provides: mta\nConflicts: mta', b: 'Provides: mta' },
    ],
  ])('refuses packages that exclude each other by %s', async (_, packages) => {
    await expect(chosen(packages, ['a', 'b'])).rejects.toMatchObject({
      code: 'PACKAGE_CONFLICT',
      message: expect.stringMatching(/a 1 .*b 1|b 1 .*a 1/),
      hint: expect.any(String),
    });
  });

  test('lets pass a conflict with another version and with a name of its own', async () => {
    const packages = { a: 'Breaks: b (<< 1)\nProvides: x\nConflicts: x', b: '' };
    expect(await chosen(packages, ['a', 'b'])).toEqual(['a', 'b']);
  });

  test('is the same in whatever order packages are asked for', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const group = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
    const depends = fc.array(group, { maxLength: 2 });
    const graph = fc.tuple(...names.map(() => depends));
    const wanted = fc.shuffledSubarray(names, { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(graph, wanted, async (edges, asked) => {
        const field = (groups: string[][]) =>
          groups.length === 0
            ? ''
            : `Depends: ${groups.map((each) => each.join(' | ')).join(', ')}`;
        const packages = Object.fromEntries(names.map((name, at) => [name, field(edges[at]!)]));
        const found = await chosen(packages, asked);
        expect(found).toEqual(await chosen(packages, [...asked].sort()));
        for (const name of found) {
          for (const alternatives of edges[names.indexOf(name)]!) {
            expect(alternatives.some((each) => found.includes(each))).toBe(true);
          }
        }
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { aptSources } from '../../src/recipe/schema/apt-sources.ts';

const source = { url: 'https://vendor.example/apt', suite: 'trixie', keys: ['vendor.asc'] };
const issuesOf = (...sources: object[]) => aptSources.safeParse(sources).error?.issues ?? [];

describe('a source of a third party', () => {
  test('has a name of its own', () => {
    expect(issuesOf({ ...source, name: 'vendor' })).toEqual([]);
    expect(issuesOf(source)).toMatchObject([{ message: expect.stringContaining('"name"') }]);
  });

  test.each(['debian', 'ubuntu'])('cannot pass for %s', (name) => {
    expect(issuesOf({ ...source, name })).toMatchObject([
      { path: [0, 'name'], message: expect.stringContaining(`${name} is a distribution`) },
    ]);
  });
});

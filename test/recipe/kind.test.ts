import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { kindIn, pathsOf, type RecipeKind, sourceOf, withSource } from '../../src/recipe/kind.ts';

const kind = (name: string, paths: RecipeKind['paths'] = {}): RecipeKind => ({
  name,
  schema: z.unknown(),
  paths,
  builder: () => undefined,
  packages: {},
});

describe('pathsOf', () => {
  test('finds a field, a field within one, and every entry of a list', () => {
    const paths = { key: 'file', 'archive.key': 'file', 'sources.*': 'source' } as const;
    const source = { key: 'a.asc', archive: { key: 'b.asc' }, sources: ['c.c', 'd/e.c'] };
    expect(pathsOf(kind('k', paths), source)).toEqual(['a.asc', 'b.asc', 'c.c', 'd/e.c']);
  });

  test('finds a field of every entry of a list', () => {
    const source = { parts: [{ key: 'a' }, {}, { key: 'b' }] };
    expect(pathsOf(kind('k', { 'parts.*.key': 'file' }), source)).toEqual(['a', 'b']);
  });

  test('passes over what is left out', () => {
    const paths = { key: 'file', 'archive.key': 'file', 'sources.*': 'source' } as const;
    expect(pathsOf(kind('k', paths), {})).toEqual([]);
    expect(pathsOf(kind('k', paths), { archive: undefined, sources: [] })).toEqual([]);
  });

  test('takes text for a path and nothing else, and an asterisk for lists alone', () => {
    const paths = { key: 'file', 'sources.*': 'any' } as const;
    expect(pathsOf(kind('k', paths), { key: 1, sources: 'a.c' })).toEqual([]);
    expect(pathsOf(kind('k', paths), { sources: { '*': 'a.c' } })).toEqual([]);
    expect(pathsOf(kind('k', paths), { sources: ['a.c', 2, null, ['b.c']] })).toEqual(['a.c']);
    expect(pathsOf(kind('k', paths), 'key')).toEqual([]);
  });

  test('reads own fields only', () => {
    const paths = { 'constructor.name': 'file', '__proto__.key': 'file' } as const;
    expect(pathsOf(kind('k', paths), Object.create({ key: 'a' }))).toEqual([]);
  });
});

describe('kindIn', () => {
  const kinds = [kind('apple'), kind('pear')];

  test('finds the kind that "from" names', () => {
    expect(kindIn(kinds, { kind: 'pear', pear: {} })).toBe(kinds[1]);
  });

  test('throws for a kind that is not among them', () => {
    expect(() => kindIn(kinds, { kind: 'plum', plum: {} })).toThrow('there is no kind plum');
  });
});

describe('withSource', () => {
  test('puts other fields below the name of the same kind, and leaves the old ones alone', () => {
    const from = { kind: 'pear', pear: { ripe: false } };
    const ripe = withSource(from, { ripe: true });
    expect(ripe).toEqual({ kind: 'pear', pear: { ripe: true } });
    expect(sourceOf(ripe)).toEqual({ ripe: true });
    expect(sourceOf(from)).toEqual({ ripe: false });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotationsOf } from '../../src/image/annotations.ts';

const epoch = 1_704_067_200;
const plain = { name: 'sample', labels: {}, annotations: {} };
const short = (found: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(found).map(([key, value]) => [
      key.replace('org.opencontainers.image.', ''),
      value,
    ]),
  );

describe('annotationsOf', () => {
  test('says when and what, even of a recipe that says nothing of itself', () => {
    expect(annotationsOf(plain, epoch)).toEqual({
      'org.opencontainers.image.created': '2024-01-01T00:00:00Z',
      'org.opencontainers.image.title': 'sample',
    });
  });

  test('takes what the recipe says of itself', () => {
    const about = {
      version: '1.4',
      licence: 'MIT',
      supplier: 'Example',
      source: 'https://user:secret@example.org/sample?token=secret',
    };
    const found = annotationsOf({ ...plain, description: 'Greets.', release: '9', about }, epoch);
    expect(short(found)).toEqual({
      created: '2024-01-01T00:00:00Z',
      title: 'sample',
      description: 'Greets.',
      version: '1.4',
      licenses: 'MIT',
      vendor: 'Example',
      source: 'https://example.org/sample',
    });
  });

  test('takes the release for the version of a recipe that states none', () => {
    expect(short(annotationsOf({ ...plain, release: 'trixie' }, epoch)).version).toBe('trixie');
  });

  test("lets the specification's own labels come over it, then annotations, then those asked for", () => {
    const of = (key: string) => `org.opencontainers.image.${key}`;
    const labels = { [of('title')]: 'label', [of('version')]: 'label', other: 'label' };
    const annotations = { [of('version')]: 'recipe', [of('revision')]: 'recipe', 'org.team': 'x' };
    const asked = { [of('revision')]: 'asked' };
    expect(short(annotationsOf({ ...plain, labels, annotations }, epoch, asked))).toEqual({
      created: '2024-01-01T00:00:00Z',
      title: 'label',
      version: 'recipe',
      revision: 'asked',
      'org.team': 'x',
    });
  });

  test('is the same for what it gave: nothing of a secret is left to take out', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (asked) => {
        const once = annotationsOf(plain, epoch, asked);
        expect(annotationsOf(plain, epoch, once)).toEqual(once);
      }),
    );
  });
});

import { expect, test } from 'vitest';
import { kinds } from '../../src/kinds/kinds.ts';
import { satisfies } from '../../src/lock/lock.ts';
import { askedBy, changedFields, requestDigest } from '../../src/lock/request.ts';
import type { Lock } from '../../src/lock/schema.ts';
import { singleOverlays } from '../../src/recipe/folder-overlays.ts';
import { sourceOf, withSource } from '../../src/recipe/kind.ts';
import type { Recipe, Toolchain } from '../../src/recipe/recipe.ts';
import { recipeSchema, toolchainSchema } from '../../src/recipe/schema/schema.ts';
import { fromOf, lockedDebs, lockedToolchain, lockOf } from '../support/lock.ts';

const origin = { file: '/r/recipe.yaml', folder: '/r', builtIn: false, sha256: '' };

const recipeOf = (fields: object): Recipe => {
  const { from, files, ...rest } = recipeSchema(kinds).parse(fields);
  return {
    ...rest,
    files: singleOverlays(files),
    from: from!,
    origin,
    fromOrigin: origin,
    ancestors: [],
  };
};

const toolchain: Toolchain = {
  ...toolchainSchema(kinds).parse({
    name: 'cc',
    from: { debs: { packages: ['gcc'] } },
    toolchain: { libc: 'musl', cc: ['gcc'], cxx: ['g++'], strip: ['strip'] },
  }),
  files: [],
  origin,
};

const program = { toolchain: 'cc', sources: ['a.c'] };
const base = recipeOf({ name: 'a', from: { static: program } });
const digest = (recipe: Recipe, tools: Toolchain | undefined = toolchain) =>
  requestDigest({ recipe, toolchain: tools, platform: 'linux/amd64' });

test('fields that choose no input leave the request as it is: an edit needs no new lock', () => {
  const edited = recipeOf({
    name: 'a',
    description: 'other words',
    from: { static: { ...program, sources: ['b.c'], flags: ['-O2'] } },
    image: { cmd: ['/a'] },
  });
  expect(digest(edited)).toBe(digest(base));
});

test.each([
  [
    'its archive',
    digest(
      recipeOf({
        name: 'a',
        from: {
          static: { toolchain: 'cc', archive: { debian: 'lua5.4' }, programs: { lua: '/lua' } },
        },
      }),
    ),
  ],
  ['its epoch', digest(recipeOf({ name: 'a', epoch: 1, from: { static: program } }))],
  [
    'the packages of its toolchain',
    digest(base, {
      ...toolchain,
      from: withSource(toolchain.from, {
        ...(sourceOf(toolchain.from) as object),
        packages: ['gcc', 'make'],
      }),
    }),
  ],
  ['the platform', requestDigest({ recipe: base, toolchain, platform: 'linux/arm64' })],
])('a request changes with %s', (_, changed) => {
  expect(changed).not.toBe(digest(base));
});

test('a minirootfs recipe asks for something else with another release', () => {
  const request = (release: string) =>
    digest(recipeOf({ name: 'a', from: { minirootfs: { distro: 'alpine', release } } }), undefined);
  expect(request('3.20')).toBe(request('3.20'));
  expect(request('3.19')).not.toBe(request('3.20'));
});

const sha256 = 'b'.repeat(64);
const upstream = recipeOf({
  name: 'a',
  from: {
    static: {
      toolchain: 'cc',
      archive: { url: 'https://example.org/a-1.tar.gz', sha256 },
      programs: { a: '/a' },
    },
  },
});
const wanted = { recipe: upstream, toolchain, platform: 'linux/amd64' } as const;
const archive = {
  url: 'https://example.org/a-1.tar.gz',
  name: 'a-1.tar.gz',
  sha256,
  trust: { by: 'recipe' },
};
const lock: Lock = lockOf(
  'static',
  { archive },
  {
    ...{ recipe: 'a', request: requestDigest(wanted), asked: askedBy(wanted) },
    toolchain: lockedToolchain('cc', lockedDebs()),
  },
);

test('a lock made for the request satisfies it', () => {
  expect(satisfies(lock, wanted)).toBe(true);
});

test.each([
  [
    'names another digest than the recipe states',
    { from: fromOf('static', { archive: { ...archive, sha256: 'c'.repeat(64) } }) },
  ],
  ['is for another platform', { platform: 'linux/arm64' }],
  ['lacks the archive', { from: fromOf('static', {}) }],
  ['lacks the toolchain', { toolchain: undefined }],
  ['names another toolchain', { toolchain: lockedToolchain('gcc', lockedDebs()) }],
  [
    'has a toolchain of another kind',
    { toolchain: { ...lock.toolchain, from: fromOf('static', {}) } },
  ],
  ['brings packages that were not asked for', { from: fromOf('debs', lockedDebs()) }],
  ['brings a file that was not asked for', { files: [{ url: 'https://example.org/b', sha256 }] }],
  ['was made for another request', { request: 'd'.repeat(64) }],
])('a lock that %s does not, though its request may be copied', (_, change) => {
  expect(satisfies({ ...lock, ...change } as Lock, wanted)).toBe(false);
});

test('what was asked for is written down without credentials', () => {
  const url = 'https://user:secret@example.org/a-1.tar.gz';
  const { from } = upstream;
  const secret = withSource(from, {
    ...(sourceOf(from) as object),
    archive: { url, sha256 },
  });
  const asked = askedBy({ ...wanted, recipe: { ...upstream, from: secret } });
  expect(JSON.stringify(asked)).not.toContain('secret');
  expect(asked).toEqual(askedBy(wanted));
});

test('the fields that changed since a lock was made are told by their paths', () => {
  const before = { platform: 'linux/amd64', from: { debs: { suite: 'trixie', packages: ['a'] } } };
  const now = { platform: 'linux/amd64', from: { debs: { suite: 'sid', packages: ['a', 'b'] } } };
  expect(changedFields(before, before)).toEqual([]);
  expect(changedFields(before, now)).toEqual(['from.debs.suite', 'from.debs.packages']);
  expect(changedFields(before, { ...before, epoch: 1 })).toEqual(['epoch']);
  expect(changedFields({ ...before, epoch: 1 }, before)).toEqual(['epoch']);
});

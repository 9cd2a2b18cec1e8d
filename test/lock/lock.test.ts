import { expect, test } from 'vitest';
import { askedBy, changedFields, requestDigest } from '../../src/lock/request.ts';
import type { Lock } from '../../src/lock/schema.ts';
import type { Recipe, Toolchain } from '../../src/recipe/recipe.ts';
import { recipeSchema, toolchainSchema } from '../../src/recipe/schema/schema.ts';

const origin = { file: '/r/recipe.yaml', folder: '/r', builtIn: false, sha256: '' };

const recipeOf = (fields: object): Recipe => {
  const { from, ...rest } = recipeSchema.parse(fields);
  return { ...rest, from: from!, origin, fromOrigin: origin, ancestors: [] };
};

const toolchain: Toolchain = {
  ...toolchainSchema.parse({
    name: 'cc',
    from: { debs: { packages: ['gcc'] } },
    toolchain: { libc: 'musl', cc: ['gcc'], cxx: ['g++'], strip: ['strip'] },
  }),
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
      from: {
        kind: 'debs',
        debs: { ...(toolchain.from as { debs: object }).debs, packages: ['gcc', 'make'] },
      } as Toolchain['from'],
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
const lock: Lock = {
  lockVersion: 1,
  recipe: 'a',
  platform: 'linux/amd64',
  epoch: 1,
  request: requestDigest(wanted),
  asked: askedBy(wanted),
  archive: {
    url: 'https://example.org/a-1.tar.gz',
    name: 'a-1.tar.gz',
    sha256,
    trust: { by: 'recipe' },
  },
  toolchain: { name: 'cc', epoch: 1, debs: { indexes: [], packages: [] } },
};

test('a lock made for the request answers it', () => {
  expect(answers(lock, wanted)).toBe(true);
});

test.each([
  [
    'names another digest than the recipe states',
    { archive: { ...lock.archive, sha256: 'c'.repeat(64) } },
  ],
  ['is for another platform', { platform: 'linux/arm64' }],
  ['lacks the archive', { archive: undefined }],
  ['lacks the toolchain', { toolchain: undefined }],
  ['brings packages that were not asked for', { debs: { indexes: [], packages: [] } }],
  ['was made for another request', { request: 'd'.repeat(64) }],
])('a lock that %s does not, though its request may be copied', (_, change) => {
  expect(answers({ ...lock, ...change } as Lock, wanted)).toBe(false);
});

test('what was asked for is written down without credentials', () => {
  const url = 'https://user:secret@example.org/a-1.tar.gz';
  const { from } = upstream;
  if (from.kind !== 'static') throw new Error('the recipe is a static one');
  const secret = { ...from.static, archive: { url, sha256 } };
  const asked = askedBy({ ...wanted, recipe: { ...upstream, from: { ...from, static: secret } } });
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

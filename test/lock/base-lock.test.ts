import { beforeAll, describe, expect, test } from 'vitest';
import { loadRecipe } from '../../src/kinds/kinds.ts';
import { lockOfBase, onLockOfBase, type PartOfBase, partOfBase } from '../../src/lock/base-lock.ts';
import { askedBy, requestDigest } from '../../src/lock/request.ts';
import type { Lock } from '../../src/lock/schema.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fromOf, lockedDeb, lockedDebs, lockOf } from '../support/lock.ts';
import { writeTree } from '../support/recipe.ts';

const folder = temporaryFolder();
const debs = (version: string) => lockedDebs(lockedDeb('busybox-static', { version }));

const sha256 = '0'.repeat(64);

beforeAll(() =>
  writeTree(folder, {
    'base.yaml': 'name: base\nfrom: { debs: { packages: [busybox-static] } }\n',
    'files.yaml': 'name: top\nextends: ./base.yaml\nfiles: [{ path: /a, content: a }]\n',
    'dated.yaml': 'name: top\nextends: ./base.yaml\nepoch: 100\n',
    'more.yaml': 'name: top\nextends: ./base.yaml\npackages: [hello]\n',
    'program.yaml':
      'name: top\nextends: ./base.yaml\nfrom: { static: { toolchain: gcc-musl, sources: [a.c] } }\n',
    'a.c': 'int main(void) { return 0; }\n',
    'alpine.yaml': 'name: top\nextends: alpine\npackages: [hello]\n',
    'fetching.yaml': `name: base\nextends: ./base.yaml\nfiles: [{ path: /a, url: "https://a.example/a", sha256: "${sha256}" }]\n`,
    'replacing.yaml': 'name: top\nextends: ./fetching.yaml\nfiles: [{ path: /a, content: a }]\n',
  }),
);

async function load(name: string) {
  const recipe = await loadRecipe(`./${name}.yaml`, folder);
  const { base } = recipe;
  if (base === undefined) throw new Error(`${name} extends nothing`);
  return { recipe, base, part: partOfBase(recipe, base) };
}

/** Returns the part of a base that has one. */
function whole(part: PartOfBase | string): PartOfBase {
  if (typeof part === 'string') throw new Error(part);
  return part;
}

/** Makes the lock of a recipe alone. */
function lockFor(recipe: Recipe, version: string): Lock {
  const wanted = { recipe, toolchain: undefined, platform: 'linux/amd64' } as const;
  const asked = { request: requestDigest(wanted), asked: askedBy(wanted) };
  return lockOf('debs', debs(version), { recipe: recipe.name, ...asked });
}

const stack = { base: fromOf('debs', debs('1')), top: fromOf('static', {}) };

describe('the lock of a base', () => {
  test('is all of the lock of a recipe that adds files', async () => {
    const { recipe, base, part } = await load('files');
    const lock = lockOf('debs', debs('1'));
    expect(lockOfBase(lock, recipe, base, whole(part), undefined)).toEqual({
      ...lock,
      recipe: 'base',
    });
  });

  test('has the date of its own inputs where the recipe states another', async () => {
    const { recipe, base, part } = await load('dated');
    const lock = lockOf('debs', debs('1'), { epoch: 100 });
    expect(lockOfBase(lock, recipe, base, whole(part), undefined).epoch).toBe(1_700_000_000);
    expect(lockOfBase(lock, recipe, base, whole(part), 5).epoch).toBe(5);
  });

  test("is the base's part of the lock of a program laid over it", async () => {
    const { recipe, base, part } = await load('program');
    const { from } = lockOfBase(lockOf('stack', stack), recipe, base, whole(part), undefined);
    expect(from).toEqual(stack.base);
  });

  test('is the archive alone where packages are added to a published root filesystem', async () => {
    const { recipe, base, part } = await load('alpine');
    const lock = lockOf(
      'minirootfs',
      { archive: { name: 'a' }, apks: { packages: [] } },
      { epoch: 7 },
    );
    const { put, ...taking } = whole(part);
    expect(put).toBeUndefined();
    const { from, epoch } = lockOfBase(lock, recipe, base, taking, undefined);
    expect([from, epoch]).toEqual([fromOf('minirootfs', { archive: { name: 'a' } }), 7]);
  });

  test.each([
    ['packages are added', 'more', 'adds packages (hello) that are chosen together'],
    ['a file is replaced that it fetches', 'replacing', 'replaces a file that base fetches'],
  ])('cannot be told where %s', async (_, name, reason) => {
    expect((await load(name)).part).toContain(reason);
  });
});

describe('a lock that was just made', () => {
  test('takes over what the lock of the base pins', async () => {
    const { recipe, base, part } = await load('files');
    const wanted = { recipe: base, toolchain: undefined, platform: 'linux/amd64' } as const;
    const [own, made] = [lockFor(base, '1'), lockOf('debs', debs('2'))];
    const shared = onLockOfBase(made, recipe, wanted, whole(part), own);
    expect(shared).toEqual({ ...made, from: own.from });
    const program = await load('program');
    const over = lockOf('stack', { ...stack, base: fromOf('debs', debs('2')) });
    const stacked = onLockOfBase(over, program.recipe, wanted, whole(program.part), own);
    expect(stacked.from).toEqual(fromOf('stack', { ...stack, base: own.from }));
  });

  test('stays as it is without one, or with one that was made for something else', async () => {
    const { recipe, base, part } = await load('files');
    const wanted = { recipe: base, toolchain: undefined, platform: 'linux/amd64' } as const;
    const made = lockOf('debs', debs('2'));
    expect(onLockOfBase(made, recipe, wanted, whole(part), undefined)).toBe(made);
    const other = lockOf('debs', debs('1'));
    expect(onLockOfBase(made, recipe, wanted, whole(part), other)).toBe(made);
  });
});

import { expect, test } from 'vitest';
import { lockChanges } from '../../src/lock/changes.ts';
import { relock } from '../../src/lock/relock.ts';
import type { Lock } from '../../src/lock/schema.ts';
import type { LockedPackage } from '../../src/packages/deb/locked-debs.ts';
import { lockedDeb, lockedDebs, lockedToolchain, lockOf } from '../support/lock.ts';

const deb = (name: string, version: string, source = name) => lockedDeb(name, { version, source });

/** The packages that a recipe and its builder ask for, and those that were pinned for them. */
interface Asked {
  readonly suite?: string;
  readonly packages?: readonly string[];
  readonly tools?: readonly string[];
  readonly epoch?: number;
}

function locked(
  { suite = 'trixie', packages = ['hello'], tools = ['gcc'], epoch }: Asked,
  debs: readonly LockedPackage[],
  builder: readonly LockedPackage[],
  date: number,
): Lock {
  const toolchain = { name: 'gcc', from: { kind: 'debs', debs: { packages: tools } } };
  const from = { kind: 'debs', debs: { suite, packages } };
  return lockOf('debs', lockedDebs(...debs), {
    asked: { platform: 'linux/amd64', epoch, from, packages: [], files: [], toolchain },
    epoch: date,
    toolchain: { ...lockedToolchain('gcc', lockedDebs(...builder)), epoch: date },
  });
}

const old = [deb('hello', '1.0'), deb('libc6', '2.41-1', 'glibc'), deb('zlib1g', '1.2', 'zlib')];
const newer = [deb('hello', '1.1'), deb('libc6', '2.41-2', 'glibc'), deb('zlib1g', '1.3', 'zlib')];
const before = locked({}, old, [deb('gcc', '14')], 1);

async function moved(asked: Asked, debs = newer, builder = [deb('gcc', '15')]) {
  const lock = await relock(before, locked(asked, debs, builder, 2));
  const changes = lockChanges(before, lock).map((each) => Object.values(each).join(' '));
  return { changes, epochs: [lock.epoch, lock.toolchain?.epoch], asked: lock.asked };
}

test('a package that is added is pinned, and no other moves, in the image as in the builder', async () => {
  const added = await moved({ packages: ['hello', 'netbase'] }, [...newer, deb('netbase', '6')]);
  expect(added.changes).toEqual(['image netbase  6']);
  expect(added.epochs).toEqual([1, 1]);
  expect(added.asked).toMatchObject({ from: { debs: { packages: ['hello', 'netbase'] } } });
  const tool = await moved({ tools: ['gcc', 'perl'] }, newer, [deb('gcc', '15'), deb('perl', '5')]);
  expect(tool.changes).toEqual(['gcc perl  5']);
  expect(tool.epochs).toEqual([1, 1]);
});

test('what has the source of an added package moves with it, for they depend on exact versions', async () => {
  const debs = [...newer, deb('zlib1g-dev', '1.3', 'zlib')];
  const { changes } = await moved({ packages: ['hello', 'zlib1g-dev'] }, debs);
  expect(changes).toEqual(['image zlib1g 1.2 1.3', 'image zlib1g-dev  1.3']);
});

test('a package that is no longer asked for goes, with what it alone needed', async () => {
  const { changes } = await moved({ packages: [] }, newer.slice(1));
  expect(changes).toEqual(['image hello 1.0 ']);
});

test('a package whose version is asked for is the one that moves', async () => {
  const { changes } = await moved({ packages: ['hello=1.1'] });
  expect(changes).toEqual(['image hello 1.0 1.1']);
});

test('another suite pins the image anew, and leaves the builder as it was', async () => {
  const { changes, epochs } = await moved({ suite: 'forky' });
  expect(changes).toEqual([
    'image hello 1.0 1.1',
    'image libc6 2.41-1 2.41-2',
    'image zlib1g 1.2 1.3',
  ]);
  expect(epochs).toEqual([2, 1]);
});

test('an epoch that the recipe states takes effect, and moves no input', async () => {
  const { changes, epochs } = await moved({ epoch: 2 });
  expect(changes).toEqual([]);
  expect(epochs).toEqual([2, 1]);
});

test('a builder that the recipe did not have before is pinned anew', async () => {
  const { toolchain: _, ...without } = before;
  const now = locked({}, newer, [deb('gcc', '15')], 2);
  const lock = await relock({ ...without, asked: { ...before.asked, toolchain: undefined } }, now);
  expect(lock.toolchain).toEqual(now.toolchain);
});

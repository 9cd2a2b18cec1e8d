import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../src/engines/engine.ts';
import { knownBuilders, rememberBuilder, touchBuilder } from '../../src/pipeline/builder-state.ts';
import { heldTrees } from '../../src/pipeline/held-trees.ts';
import { treeOf } from '../../src/steps/work.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingIo, sha256Of } from '../support/store.ts';
import { collect, file } from '../support/tar.ts';

let state: string;
/** The trees that the engine holds, by key. */
let held: Map<string, string>;
let added: number;

/** An engine that holds what it is given, byte for byte. */
const engine = {
  name: 'docker',
  heldTrees: {
    async drop({ key }) {
      held.delete(key);
    },
  },
  hasToolchain: async ({ key }, tree) => held.get(key) === tree,
  async addToolchain({ key }, tar) {
    const tree = sha256Of(await collect(tar));
    held.set(key, tree);
    added++;
    return tree;
  },
} as Pick<Engine, 'name' | 'heldTrees' | 'hasToolchain' | 'addToolchain'> as Engine;

beforeEach(() => {
  state = join(temporaryFolder(), 'state');
  held = new Map();
  added = 0;
});

const { io } = recordingIo();
const tree = (text: string) => treeOf([file('a', text)]);
const settings = { fresh: false, platform: 'linux/amd64', now: new Date() } as const;

test('an engine is handed a tree once, and asked for it by its bytes from then on', async () => {
  const first = await heldTrees({ engine, state, ...settings })(tree('one'), io);
  const again = await heldTrees({ engine, state, ...settings })(tree('one'), io);
  expect(first).toEqual({ name: 'tree', platform: 'linux/amd64', key: expect.any(String) });
  expect(again).toEqual(first);
  expect(added).toBe(1);
});

test('another tree, and one for another platform, is another', async () => {
  const hold = heldTrees({ engine, state, ...settings });
  const names = [
    await hold(tree('one'), io),
    await hold(tree('two'), io),
    await heldTrees({ engine, state, ...settings, platform: 'linux/arm64' })(tree('one'), io),
  ];
  expect(new Set(names.map((name) => name?.key)).size).toBe(3);
});

test('a tree that is gone, or another in its place, is handed over again', async () => {
  const hold = heldTrees({ engine, state, ...settings });
  const { key = '' } = (await hold(tree('one'), io)) ?? {};
  held.set(key, 'f'.repeat(64));
  expect(await hold(tree('one'), io)).toMatchObject({ key });
  held.clear();
  await hold(tree('one'), io);
  expect(added).toBe(3);
});

test('a run that believes nothing holds none, nor does an engine on which a step is better sent its tree', async () => {
  const fresh = heldTrees({ engine, state, ...settings, fresh: true });
  const { heldTrees: _, ...other } = engine;
  const without = heldTrees({ engine: other, state, ...settings });
  expect([await fresh(tree('one'), io), await without(tree('one'), io)]).toEqual([
    undefined,
    undefined,
  ]);
  expect(added).toBe(0);
});

test('of many trees those stay that were used last, and no builder goes with the others', async () => {
  const builder = {
    ...{ name: 'tree', key: 'a'.repeat(64), platform: 'linux/amd64', tree: 'b'.repeat(64) },
    ...{ epoch: 1, mkbase: '1.2.3', inputs: [{ name: 'bash', sha256: 'c'.repeat(64) }] },
  };
  await rememberBuilder(state, builder);
  await touchBuilder(state, builder.key, new Date(0));
  const use = async (text: string, minute: number) => {
    const now = new Date(minute * 60_000);
    return (await heldTrees({ engine, state, ...settings, now })(tree(text), io))?.key;
  };
  const [one] = [await use('one', 1), await use('two', 2), await use('three', 3)];
  expect(held.size).toBe(3);
  await use('one', 4);
  await use('four', 5);
  expect(held.size).toBe(3);
  expect(held.has(one ?? '')).toBe(true);
  expect(await use('one', 6)).toBe(one);
  expect(added).toBe(4);
  expect((await knownBuilders(state)).length).toBe(4);
});

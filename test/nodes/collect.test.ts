import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { collectNodes } from '../../src/nodes/collect.ts';
import { temporaryFolder } from '../support/folder.ts';
import { countingEngine, fileEntry, oneFile, openNodes, workOn } from '../support/node.ts';
import { recordingIo } from '../support/store.ts';

let folder: string;
const engine = countingEngine((sent) => [fileEntry('made', sent)]);

beforeEach(() => {
  folder = temporaryFolder();
});

/** Makes or finds the node of a text at a time, and tells whether it was found. */
async function use(text: string, seconds: number): Promise<boolean> {
  const before = engine.steps;
  const now = new Date(seconds * 1000);
  const nodes = openNodes(folder, engine, { now });
  await nodes.make(workOn(oneFile(text)), recordingIo().io);
  await nodes.list();
  return engine.steps === before;
}

const collect = (keep?: number) =>
  collectNodes({
    ...{ cache: join(folder, 'cache'), state: join(folder, 'state') },
    ...(keep !== undefined && { keep }),
  });
const trees = () => readdirSync(join(folder, 'cache/nodes'));
const records = () => readdirSync(join(folder, 'state/nodes'));
/** Bytes of each tree here. */
const size = 3584;

test('sound nodes stay', async () => {
  await use('a', 1);
  await use('b', 2);
  expect(await collect()).toEqual({ nodes: 0, trees: 0, bytes: 0 });
  expect(await use('a', 3)).toBe(true);
});

test('nothing to collect is no error', async () => {
  expect(await collect()).toEqual({ nodes: 0, trees: 0, bytes: 0 });
});

test('those used least lately go until the rest fits; being found is a use', async () => {
  for (const [at, text] of ['a', 'b', 'c'].entries()) await use(text, at);
  expect(await use('a', 9)).toBe(true);
  expect(await collect(2 * size)).toEqual({ nodes: 1, trees: 1, bytes: size });
  expect([await use('a', 10), await use('c', 11), await use('b', 12)]).toEqual([true, true, false]);
  expect(await collect(size - 1)).toEqual({ nodes: 3, trees: 3, bytes: 3 * size });
  expect([...trees(), ...records()]).toEqual([]);
});

test('a tree that two nodes have counts once, and stays for the one that is used', async () => {
  const settle = async () => ({ entries: [fileEntry('made', 'the same')] });
  for (const [at, text] of ['a', 'b'].entries()) {
    const nodes = openNodes(folder, engine, { now: new Date(at * 1000) });
    await nodes.make(workOn(oneFile(text), { settle }), recordingIo().io);
    await nodes.list();
  }
  expect(trees()).toHaveLength(1);
  expect(await collect(2048)).toEqual({ nodes: 0, trees: 0, bytes: 0 });
  expect(await collect(0)).toEqual({ nodes: 2, trees: 1, bytes: 2048 });
});

test('trees without a node, nodes without a tree, and what is neither go', async () => {
  await use('a', 1);
  await use('b', 2);
  const [tree = ''] = trees();
  rmSync(join(folder, 'cache/nodes', tree));
  writeFileSync(join(folder, 'cache/nodes', 'f'.repeat(64)), 'nobody');
  writeFileSync(join(folder, 'cache/nodes', 'note'), 'x');
  writeFileSync(join(folder, 'state/nodes', `${'e'.repeat(64)}.json`), '{');
  writeFileSync(join(folder, 'state/nodes', 'note.json'), '{}');
  expect(await collect()).toEqual({ nodes: 3, trees: 2, bytes: 6 });
  expect(trees()).toHaveLength(1);
  expect(records()).toHaveLength(1);
});

test('a tree of another size than is remembered goes with its node', async () => {
  await use('a', 1);
  const [tree = ''] = trees();
  writeFileSync(join(folder, 'cache/nodes', tree), 'cut');
  expect(await collect()).toEqual({ nodes: 1, trees: 1, bytes: 3 });
});

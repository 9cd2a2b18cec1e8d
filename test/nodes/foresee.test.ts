import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type ForeseeContext, foreseenNodes, Unforeseen } from '../../src/nodes/foresee.ts';
import type { NamedTree } from '../../src/steps/work.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  countingEngine,
  fileEntry,
  noBuilder,
  oneFile,
  openNodes,
  textsOf,
  workOn,
} from '../support/node.ts';
import { recordingIo } from '../support/store.ts';

let folder: string;
let own: string;
const engine = countingEngine((sent) => [fileEntry('made', sent)]);
const { io } = recordingIo();

beforeEach(() => {
  folder = temporaryFolder();
  own = join(folder, 'cache/tmp/dry');
  mkdirSync(own, { recursive: true });
});

const base = () => workOn(oneFile('x'), { does: 'base' });
const top = (tree: NamedTree) => workOn(tree, { does: 'top' });

/** Looks for a chain of two, and says what is known of each. */
async function look(more: Partial<ForeseeContext> = {}) {
  const { make, nodes } = foreseenNodes({
    builder: { tree: 'b'.repeat(64), reference: noBuilder },
    ...{ cache: join(folder, 'cache'), state: join(folder, 'state'), folder: own, fresh: false },
    ...more,
  });
  const last = await make(top(await make(base(), io)), io);
  return { last, told: nodes.map(({ does, key, tree }) => [does, key && 'key', tree && 'tree']) };
}

async function build(works: 1 | 2): Promise<void> {
  const nodes = openNodes(folder, engine);
  const made = await nodes.make(base(), io);
  if (works === 2) await nodes.make(top(made), io);
  await nodes.list();
}

test('what was made is foreseen as found, and can be read', async () => {
  await build(2);
  const before = engine.steps;
  const { last, told } = await look();
  expect(told).toEqual([
    ['base', 'key', 'tree'],
    ['top', 'key', 'tree'],
  ]);
  expect(Object.keys(await textsOf(last))).toEqual(['made']);
  expect(last.facts).toEqual({ count: 1 });
  expect(engine.steps).toBe(before);
});

test('the first that has to run is told with its key, and what hangs on it without', async () => {
  const { last, told } = await look();
  expect(told).toEqual([
    ['base', 'key', undefined],
    ['top', undefined, undefined],
  ]);
  await expect(last.entries()).rejects.toBeInstanceOf(Unforeseen);
  await expect(last.digest()).rejects.toBeInstanceOf(Unforeseen);
  expect(() => last.facts).toThrow(Unforeseen);
  await build(1);
  expect((await look()).told).toEqual([
    ['base', 'key', 'tree'],
    ['top', 'key', undefined],
  ]);
});

test.each([
  ['in a builder that is not known', { builder: undefined }],
  ['by a run that believes nothing', { fresh: true }],
])('nothing is foreseen as found %s', async (_, more) => {
  await build(2);
  expect((await look(more)).told.map(([, , tree]) => tree)).toEqual([undefined, undefined]);
});

test('a tree that is gone or damaged is not foreseen, and stays for the build to tell', async () => {
  await build(2);
  const trees = join(folder, 'cache/nodes');
  for (const name of readdirSync(trees)) writeFileSync(join(trees, name), 'evil', { flag: 'r+' });
  await expect((await look()).last.entries()).rejects.toBeInstanceOf(Unforeseen);
  expect(readdirSync(trees)).toHaveLength(2);
  rmSync(trees, { recursive: true });
  expect((await look()).told[0]).toEqual(['base', 'key', undefined]);
});

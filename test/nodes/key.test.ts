import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeKey, type WorkBuilder } from '../../src/nodes/key.ts';
import type { Work } from '../../src/steps/work.ts';

const limits = { memoryBytes: 1, processes: 2, seconds: 3, outputBytes: 4 };

/** All that a key is made of, as plain data. */
const described = {
  does: 'run',
  version: 1,
  argv: ['/bin/sh', '-c', 'true'],
  env: { A: 'b' },
  limits,
  capabilities: ['CAP_CHOWN'],
  ids: 'root',
  root: 'builder',
  settledBy: { epoch: 7, traces: { a: 'b' } },
  input: 'i'.repeat(64),
  platform: 'linux/amd64',
  tree: 't'.repeat(64),
};
type Described = typeof described;

const workOf = ({ argv, env, limits, capabilities, ids, root, input, ...rest }: Described): Work =>
  ({
    ...rest,
    step: { argv, env, limits, capabilities, ids, root },
    input: { digest: async () => input, bytes: () => Promise.reject(new Error('read')) },
    output: 'it',
    settle: async (entries: []) => ({ entries }),
  }) as unknown as Work;

const keyOf = (each: Described, name = 'gcc', builderKey = 'k') =>
  nodeKey(workOf(each), {
    tree: each.tree,
    reference: { platform: each.platform, name, key: builderKey },
  } as WorkBuilder);

/** Each leaf of the description, by the names that lead to it. */
function leavesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return Object.entries(value).flatMap(([name, each]) => leavesOf(each, [...path, name]));
}

function changed<T>(value: T, [name, ...rest]: readonly string[], by: unknown): T {
  if (name === undefined) return by as T;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[name] = changed(copy[name], rest, by);
  return copy as T;
}

const leaves = leavesOf(described);

test.each(leaves.map((path) => path.join('.')))(
  'a change of %s gives another key',
  async (path) => {
    const names = path.split('.');
    const leaf = names.reduce((value: unknown, name) => (value as never)[name], described);
    const values = typeof leaf === 'number' ? fc.integer({ min: 0 }) : fc.string();
    const property = fc.asyncProperty(values, async (by) => {
      fc.pre(by !== leaf);
      expect(await keyOf(changed(described, names, by))).not.toBe(await keyOf(described));
    });
    await fc.assert(property, { numRuns: 20 });
  },
);

test('one more word, variable, capability or setting gives another key, and an order of words counts', async () => {
  const others: Described[] = [
    { ...described, argv: [...described.argv, ''] },
    { ...described, argv: [...described.argv].reverse() },
    { ...described, argv: ['/bin/sh', '-c true'] },
    { ...described, env: { ...described.env, B: '' } as Described['env'] },
    { ...described, capabilities: [] },
    { ...described, settledBy: { ...described.settledBy, x: null } as Described['settledBy'] },
  ];
  const keys = await Promise.all([described, ...others].map((each) => keyOf(each)));
  expect(new Set(keys).size).toBe(keys.length);
});

test('the same description gives the same key, whatever its order, its engine and its user', async () => {
  const backwards = Object.fromEntries(Object.entries(described).reverse()) as Described;
  expect(await keyOf(backwards)).toBe(await keyOf(described));
  expect(await keyOf(described, 'another-name', 'another-key')).toBe(await keyOf(described));
  // The same on every machine: a golden key, to be changed with `format` alone.
  expect(await keyOf(described)).toMatchInlineSnapshot(
    `"b663208ec013033f48f759682a36283a156c806c9e31477e2f3083ca4e2bd1b8"`,
  );
});

test('what is left out has the meaning that an engine gives it', async () => {
  const { ids: _, root: __, ...step } = workOf(described).step;
  const bare = { ...workOf(described), step };
  const builder = { tree: described.tree, reference: { platform: 'linux/amd64' } } as const;
  expect(await nodeKey(bare, builder)).toBe(await keyOf(described));
});

import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { knownNode } from '../../src/nodes/node-state.ts';
import { type NodesContext, StartAgain } from '../../src/nodes/nodes.ts';
import type { Work } from '../../src/steps/work.ts';
import { temporaryFolder } from '../support/folder.ts';
import { countingEngine, fileEntry, oneFile, openNodes, textsOf, workOn } from '../support/node.ts';
import { recordingIo, sha256Of } from '../support/store.ts';

let folder: string;
let engine: ReturnType<typeof countingEngine>;
/** What the engine's step makes. */
let made: string;

beforeEach(() => {
  folder = temporaryFolder();
  made = 'made';
  engine = countingEngine((sent) => [fileEntry('made', `${made} of ${sha256Of(sent)}`)]);
});

/** Makes the nodes as one run does, each on the tree of the one before. */
async function run(works: readonly Work[], more: Partial<NodesContext> = {}) {
  const nodes = openNodes(folder, engine, more);
  const { io, events } = recordingIo();
  const before = engine.steps;
  const trees: Record<string, string>[] = [];
  const facts: unknown[] = [];
  for (const work of works) {
    const tree = await nodes.make(work, io);
    trees.push(await textsOf(tree));
    facts.push(tree.facts);
  }
  const list = await nodes.list();
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
  const codes = warnings.map(({ code }) => code);
  return { trees, facts, list, steps: engine.steps - before, warnings, codes };
}

const trees = () => join(folder, 'cache/nodes');
const records = () => join(folder, 'state/nodes');
const only = (folder: string) => {
  const [name = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  return join(folder, name);
};

test('a step runs once; then its tree and facts are found, the same to the byte', async () => {
  const first = await run([workOn(oneFile('x'))]);
  expect(first).toMatchObject({ steps: 1, codes: [], facts: [{ count: 1 }] });
  expect(await run([workOn(oneFile('x'))])).toEqual({ ...first, steps: 0 });
  expect(await run([workOn(oneFile('y'))])).toMatchObject({ steps: 1 });
});

test('builds side by side run a step once, and the others find it', async () => {
  const side = await Promise.all([1, 2, 3].map(() => run([workOn(oneFile('x'))])));
  expect(engine.steps).toBe(1);
  expect(new Set(side.map(({ list }) => JSON.stringify(list))).size).toBe(1);
  expect(side.map(({ trees }) => trees)).toEqual(Array(3).fill(side[0]!.trees));
});

test('builds side by side that believe nothing each run the step', async () => {
  await Promise.all([1, 2].map(() => run([workOn(oneFile('x'))], { fresh: true })));
  expect(engine.steps).toBe(2);
});

test('where a step fails for one build, the next in turn runs it itself', async () => {
  const fails = countingEngine(() => {
    throw new Error('out of memory');
  });
  const broken = openNodes(folder, fails).make(workOn(oneFile('x')), recordingIo().io);
  const next = run([workOn(oneFile('x'))]);
  await expect(broken).rejects.toThrow('out of memory');
  expect(await next).toMatchObject({ steps: 1, codes: [] });
});

test('a found tree is not read until it is wanted, so that only the last of a chain is', async () => {
  const chain = async () => {
    const nodes = openNodes(folder, engine);
    const { io } = recordingIo();
    const base = await nodes.make(workOn(oneFile('x')), io);
    const top = await nodes.make(workOn(base, { does: 'top' }), io);
    return { texts: await textsOf(top), list: await nodes.list() };
  };
  const first = await chain();
  expect(engine.steps).toBe(2);
  writeFileSync(join(trees(), first.list[0]!.tree), 'x'.repeat(2048), { flag: 'r+' });
  expect(await chain()).toEqual(first);
  expect(engine.steps).toBe(2);
});

test('a change that changes nothing stops there', async () => {
  engine = countingEngine(() => [fileEntry('made', 'always the same')]);
  const chain = async (text: string) => {
    const nodes = openNodes(folder, engine);
    const { io } = recordingIo();
    const base = await nodes.make(workOn(oneFile(text)), io);
    return textsOf(await nodes.make(workOn(base, { does: 'top' }), io));
  };
  expect(await chain('one')).toEqual(await chain('two'));
  expect(engine.steps).toBe(3);
});

describe('nothing wrong is found', () => {
  const damages: Record<string, () => void> = {
    'a byte is another': () => {
      const file = only(trees());
      const bytes = readFileSync(file);
      bytes[600]! ^= 1;
      writeFileSync(file, bytes);
    },
    'a header is another': () => writeFileSync(only(trees()), 'evil', { flag: 'r+' }),
    'bytes follow': () => writeFileSync(only(trees()), 'more', { flag: 'a' }),
    'it is cut': () => truncateSync(only(trees()), 512),
    'it is empty': () => truncateSync(only(trees()), 0),
    'it is full of zeros': () => {
      const file = only(trees());
      writeFileSync(file, Buffer.alloc(statSync(file).size));
    },
    'it is gone': () => rmSync(only(trees())),
    'it is a folder': () => {
      const file = only(trees());
      renameSync(file, join(folder, 'aside'));
      rmSync(trees(), { recursive: true });
    },
    'the record is cut': () => truncateSync(only(records()), 20),
    'the record has another form': () => {
      const file = only(records());
      writeFileSync(file, readFileSync(file, 'utf8').replace('"format": 1', '"format": 2'));
    },
    'the record has a member too many': () => {
      const file = only(records());
      writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{ "more": 1,'));
    },
  };

  test.each(Object.keys(damages))('where %s', async (name) => {
    const { trees: before } = await run([workOn(oneFile('x'))]);
    damages[name]?.();
    expect(await run([workOn(oneFile('x'))])).toMatchObject({ trees: before, steps: 1 });
    expect(await run([workOn(oneFile('x'))])).toMatchObject({ trees: before, steps: 0, codes: [] });
  });

  test('where it stands under another key', async () => {
    await run([workOn(oneFile('x'))]);
    const [x = ''] = readdirSync(records());
    const { list } = await run([workOn(oneFile('y'))]);
    const y = list[0]?.key ?? '';
    writeFileSync(join(records(), `${y}.json`), readFileSync(join(records(), x)));
    expect(await knownNode(join(folder, 'state'), y)).toBeUndefined();
    expect(await run([workOn(oneFile('y'))])).toMatchObject({ steps: 1 });
  });

  test('where the bytes of two trees were exchanged', async () => {
    const made = async () => [await run([workOn(oneFile('x'))]), await run([workOn(oneFile('y'))])];
    const before = await made();
    const [a = '', b = ''] = readdirSync(trees()).map((name) => join(trees(), name));
    renameSync(a, join(folder, 'aside'));
    renameSync(b, a);
    renameSync(join(folder, 'aside'), b);
    const after = await made();
    expect(after.map(({ trees }) => trees)).toEqual(before.map(({ trees }) => trees));
    expect(after.map(({ codes }) => codes)).toEqual([['node-damaged'], ['node-damaged']]);
  });
});

test('a damaged tree is told with its digest and removed', async () => {
  const { list } = await run([workOn(oneFile('x'))]);
  writeFileSync(only(trees()), 'evil', { flag: 'r+' });
  const { warnings } = await run([workOn(oneFile('x'))]);
  expect(warnings).toMatchObject([
    { code: 'node-damaged', message: expect.stringContaining(`sha256:${list[0]?.tree}`) },
  ]);
});

test('a damaged node that comes out otherwise lets all begin anew, since others may be made of it', async () => {
  await run([workOn(oneFile('x'))]);
  writeFileSync(only(trees()), 'evil', { flag: 'r+' });
  made = 'otherwise';
  await expect(run([workOn(oneFile('x'))])).rejects.toBeInstanceOf(StartAgain);
  expect(await run([workOn(oneFile('x'))])).toMatchObject({ steps: 0 });
});

test('a record that others can write is refused', async () => {
  await run([workOn(oneFile('x'))]);
  chmodSync(only(records()), 0o666);
  await expect(run([workOn(oneFile('x'))])).rejects.toMatchObject({ code: 'IO' });
});

test('a stored tree that others can write is copied before it is hashed', async () => {
  const { trees: before } = await run([workOn(oneFile('x'))]);
  chmodSync(only(trees()), 0o666);
  const nodes = openNodes(folder, engine);
  const tree = await nodes.make(workOn(oneFile('x')), recordingIo().io);
  await tree.entries();
  const file = only(trees());
  expect(statSync(file).nlink).toBe(1);
  writeFileSync(file, Buffer.alloc(statSync(file).size));
  expect([await textsOf(tree)]).toEqual(before);
});

test('a run that believes nothing makes all, and tells what came out otherwise with both digests', async () => {
  const { list: before } = await run([workOn(oneFile('x'))]);
  expect(await run([workOn(oneFile('x'))], { fresh: true })).toMatchObject({ steps: 1, codes: [] });
  made = 'otherwise';
  const { warnings, list } = await run([workOn(oneFile('x'))], { fresh: true });
  const digests = [`expected sha256:${before[0]?.tree}`, `found sha256:${list[0]?.tree}`];
  expect(warnings).toMatchObject([{ code: 'node-differs' }]);
  for (const each of digests) expect(warnings[0]?.message).toContain(each);
});

test('the engine is asked for the builder only where a step has to run', async () => {
  let asked = 0;
  const ready = async () => void asked++;
  await run([workOn(oneFile('x'))], { ready });
  await run([workOn(oneFile('x'))], { ready });
  expect(asked).toBe(1);
});

test('a result that cannot be stored is a warning, and the build goes on', async () => {
  mkdirSync(join(folder, 'cache'));
  writeFileSync(trees(), 'in the way');
  const { trees: made, codes } = await run([workOn(oneFile('x'))]);
  expect(made).toHaveLength(1);
  expect(codes).toEqual(['node-not-kept']);
});

test('facts that are too many are not remembered', async () => {
  const facts = 'x'.repeat(3 * 1024 ** 2);
  const settle: Work['settle'] = async (entries) => ({ entries, facts });
  const { codes } = await run([workOn(oneFile('x'), { settle })]);
  expect(codes).toEqual(['node-not-kept']);
  expect(await run([workOn(oneFile('x'), { settle })])).toMatchObject({ steps: 1 });
});

test('nodes are listed in the order in which they began', async () => {
  const nodes = openNodes(folder, engine);
  const { io } = recordingIo();
  const slow = workOn(oneFile('x'), {
    does: 'slow',
    input: {
      ...workOn(oneFile('x')).input,
      digest: () => new Promise((done) => setTimeout(done, 50, 'd')),
    },
  });
  await Promise.all([nodes.make(slow, io), nodes.make(workOn(oneFile('y')), io)]);
  expect((await nodes.list()).map(({ does }) => does)).toEqual(['slow', 'copy']);
});

test('a node that could not be made, and that a build does without, is not listed', async () => {
  const nodes = openNodes(folder, engine);
  const { io } = recordingIo();
  const wanting = { ...oneFile('x'), entries: async () => Promise.reject(new Error('wants more')) };
  await expect(nodes.make(workOn(wanting), io)).rejects.toThrow('wants more');
  await nodes.make(workOn(oneFile('y')), io);
  expect(await nodes.list()).toHaveLength(1);
});

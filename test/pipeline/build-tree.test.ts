import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../src/engines/engine.ts';
import { loadBuilder } from '../../src/kinds/kinds.ts';
import { buildTree } from '../../src/pipeline/build-tree.ts';
import type { Builder, Builders, ReadyBuilder } from '../../src/pipeline/builder.ts';
import { resolveLock } from '../../src/pipeline/inputs/resolve-lock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockedDebs, lockedToolchain } from '../support/lock.ts';
import { countingEngine, fileEntry } from '../support/node.ts';
import { openedBuild } from '../support/opened-build.ts';
import { writeTree } from '../support/recipe.ts';
import { recordingIo, sha256Of } from '../support/store.ts';
import { file, tarOf } from '../support/tar.ts';

let folder: string;
let engine: ReturnType<typeof countingEngine>;

beforeEach(() => {
  folder = temporaryFolder();
  engine = countingEngine(() => [
    fileEntry('.mkbase-clock', '1000\n1010\n'),
    fileEntry('made', 'by the step'),
  ]);
});

const tree = (letter: string) => letter.repeat(64);

/** Builders of which one is remembered and none is held; making it gives the trees in turn. */
function buildersThatGive(remembered: string, ...trees: string[]) {
  let known = remembered;
  let held = false;
  const made: string[] = [];
  const ready = (builder: Builder): ReadyBuilder => ({ ...builder, tree: known });
  const builders: Builders = {
    known: async (builder) => ready(builder),
    find: async (builder) => (held ? ready(builder) : undefined),
    make: async (builder) => {
      known = trees.shift() ?? known;
      made.push(known);
      held = trees.length === 0;
      return ready(builder);
    },
  };
  return { builders, made };
}

/** Builds a root filesystem with one command in a builder that has no packages. */
async function build({ builders }: { readonly builders: Builders }) {
  const archive = await tarOf([file('etc/issue', 'welcome')]);
  const url = pathToFileURL(join(folder, 'rootfs.tar')).href;
  await writeTree(folder, {
    'rootfs.tar': archive,
    'recipe.yaml': `name: demo\nfrom: { minirootfs: { url: "${url}", sha256: ${sha256Of(archive)} } }\nepoch: 7\n`,
  });
  const bare = await openedBuild({ folder, cache: join(folder, 'cache') });
  const { io, events } = recordingIo();
  const lock = await resolveLock(bare, io);
  const recipe = { ...bare.plan.recipe, run: [['true']] };
  const toolchain = (await loadBuilder(recipe, folder))!;
  const plan = { ...bare.plan, toolchain, recipe };
  const open = { ...bare, plan, builders, engine: engine as unknown as Engine };
  const believed: ReadyBuilder = {
    toolchain,
    locked: lockedToolchain('rootfs', lockedDebs()),
    reference: { name: 'rootfs', platform: 'linux/amd64', key: tree('a') },
    tree: tree('b'),
  };
  const onArriving = () => {};
  const inputs = { kept: lock, lock };
  const built = await buildTree(open, inputs, believed, new Date(), onArriving, io);
  return { built, nodes: await built.nodes?.list(), events };
}

test('the builder is made for the first step that runs, and not again where its result is found', async () => {
  const making = buildersThatGive(tree('b'));
  const { nodes, built } = await build(making);
  expect(built.image.rootfs.entries.map(({ path }) => path)).toContain('made');
  expect([making.made, engine.steps]).toEqual([[tree('b')], 1]);
  const finding = buildersThatGive(tree('b'));
  expect((await build(finding)).nodes).toEqual(nodes);
  expect([finding.made, engine.steps]).toEqual([[], 1]);
});

test('a builder that comes out otherwise than remembered lets all be computed anew in that one', async () => {
  const { nodes: expected } = await build(buildersThatGive(tree('c')));
  folder = temporaryFolder();
  const other = buildersThatGive(tree('b'), tree('c'));
  const { built, nodes } = await build(other);
  expect(built.builder?.tree).toBe(tree('c'));
  expect(nodes).toEqual(expected);
});

test('a builder that always comes out otherwise ends the build', async () => {
  const trees = ['c', 'd', 'e', 'f'].map(tree);
  await expect(build(buildersThatGive(tree('b'), ...trees))).rejects.toMatchObject({
    code: 'BUILD_OUTPUT',
  });
  expect(engine.steps).toBe(0);
});

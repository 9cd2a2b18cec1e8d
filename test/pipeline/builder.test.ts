import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { hostPlatform } from '../../src/base/platform.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { kinds } from '../../src/kinds/kinds.ts';
import { type Builder, builderFor, buildersOf } from '../../src/pipeline/builder.ts';
import { knownBuilder, rememberBuilder } from '../../src/pipeline/builder-state.ts';
import { singleOverlays } from '../../src/recipe/folder-overlays.ts';
import { toolchainSchema } from '../../src/recipe/schema/schema.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockedDebs, lockedToolchain } from '../support/lock.ts';
import { recordingIo, sha256Of } from '../support/store.ts';
import { collect } from '../support/tar.ts';

let folder: string;
let state: string;
let builder: Builder;
/** The trees that the engine holds, by key. */
let held: Map<string, string>;
let added: number;

/** An engine that holds what it is given, byte for byte. */
const engine = {
  hasToolchain: async ({ key }, tree) => held.get(key) === tree,
  async addToolchain({ key }, tar) {
    const tree = sha256Of(await collect(tar));
    held.set(key, tree);
    added++;
    return tree;
  },
} as Pick<Engine, 'hasToolchain' | 'addToolchain'> as Engine;

beforeEach(async () => {
  folder = temporaryFolder();
  state = join(folder, 'state');
  held = new Map();
  added = 0;
  const origin = { file: join(folder, 'tools.yaml'), folder, builtIn: false, sha256: '' };
  const fields = toolchainSchema(kinds).parse({
    name: 'tools',
    from: { debs: { packages: ['tools'] } },
    files: [{ path: '/mark', content: 'one' }],
  });
  const toolchain = { ...fields, files: singleOverlays(fields.files), origin };
  const locked = lockedToolchain('tools', lockedDebs());
  builder = await builderFor(toolchain, locked, hostPlatform().name);
});

/** Finds or makes the builder as one run does. */
async function run({ fresh = false } = {}) {
  const store = await openStore(join(folder, 'cache'));
  const builders = buildersOf({ engine, store, state, fresh });
  const { io, events } = recordingIo();
  const found = await builders.find(builder, io);
  const own = join(folder, `own-${added}`);
  const ready = found ?? (await builders.make(builder, own, io));
  expect(await builders.find(builder, io)).toEqual(ready);
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
  return { tree: ready.tree, made: found === undefined, warnings };
}

test('a builder is made once, remembered with its inputs, and found again by its tree', async () => {
  const first = await run();
  expect(first).toMatchObject({ made: true, warnings: [] });
  const { key } = builder.reference;
  expect(await knownBuilder(state, key)).toMatchObject({
    ...{ name: 'tools', key, tree: first.tree, epoch: 1_700_000_000, inputs: [] },
  });
  expect(await run()).toEqual({ ...first, made: false });
  expect(added).toBe(1);
});

describe('a builder on the engine is not believed', () => {
  test('when nothing is remembered of it', async () => {
    const { tree } = await run();
    rmSync(state, { recursive: true });
    expect(await run()).toEqual({ tree, made: true, warnings: [] });
  });

  test('when what is remembered is damaged', async () => {
    const { tree } = await run();
    for (const name of readdirSync(join(state, 'builders'))) {
      writeFileSync(join(state, 'builders', name), '{');
    }
    expect(await run()).toEqual({ tree, made: true, warnings: [] });
    expect(await run()).toMatchObject({ made: false });
  });

  test('when it has another tree', async () => {
    const { tree } = await run();
    held.set(builder.reference.key, '0'.repeat(64));
    expect(await run()).toMatchObject({ tree, made: true });
    expect(held.get(builder.reference.key)).toBe(tree);
  });

  test('by a run that makes its own, which makes it once', async () => {
    const { tree } = await run();
    expect(await run({ fresh: true })).toEqual({ tree, made: true, warnings: [] });
    expect(added).toBe(2);
  });
});

test('a builder that comes out otherwise than remembered is told with both trees, and believed', async () => {
  const { tree } = await run();
  const record = await knownBuilder(state, builder.reference.key);
  const other = '0'.repeat(64);
  await rememberBuilder(state, { ...record!, tree: other });
  const { warnings } = await run({ fresh: true });
  expect(warnings).toEqual([
    expect.objectContaining({
      code: 'builder-differs',
      message: expect.stringMatching(
        new RegExp(`expected tree sha256:${other}.*found sha256:${tree}`),
      ),
    }),
  ]);
  expect(await run()).toEqual({ tree, made: false, warnings: [] });
});

test('where nothing can be remembered, that is told and the build goes on', async () => {
  state = '/proc/mkbase';
  const { made, warnings } = await run();
  expect(made).toBe(true);
  expect(warnings).toEqual([
    expect.objectContaining({
      code: 'builder-not-remembered',
      advice: expect.stringContaining('XDG_STATE_HOME'),
    }),
  ]);
});

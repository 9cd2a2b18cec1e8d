import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { digestOf } from '../../../src/base/canonical-json.ts';
import { hostPlatform } from '../../../src/base/platform.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import { loadRecipe } from '../../../src/kinds/kinds.ts';
import { lockText } from '../../../src/lock/lock-file.ts';
import type { Lock } from '../../../src/lock/schema.ts';
import { currentLock, keepLock } from '../../../src/pipeline/inputs/current-lock.ts';
import { sourcesOfRun } from '../../../src/pipeline/inputs/fetch-inputs.ts';
import { resolveLock } from '../../../src/pipeline/inputs/resolve-lock.ts';
import type { OpenBuild } from '../../../src/pipeline/open-build.ts';
import { openStore } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { lockedDebs, lockOf } from '../../support/lock.ts';
import { refusal, writeTree } from '../../support/recipe.ts';
import { recordingIo, sha256Of } from '../../support/store.ts';
import { file, tarOf } from '../../support/tar.ts';

const noOptions = { frozen: false, fresh: false };

/** A build of a root filesystem that lies on this disk, which needs neither network nor engine. */
async function opened({ builtIn }: { readonly builtIn: boolean }) {
  const folder = temporaryFolder();
  const archive = await tarOf([file('etc/issue', 'welcome')]);
  const url = pathToFileURL(join(folder, 'rootfs.tar')).href;
  const from = `from: { minirootfs: { url: "${url}", sha256: ${sha256Of(archive)} } }`;
  await writeTree(folder, {
    'rootfs.tar': archive,
    'recipe.yaml': `name: demo\n${from}\nepoch: 7\n`,
  });
  const loaded = await loadRecipe('./recipe.yaml', folder);
  const recipe = { ...loaded, origin: { ...loaded.origin, builtIn } };
  const outDir = join(folder, 'out');
  await mkdir(outDir);
  const plan: OpenBuild['plan'] = {
    ...{ recipe, toolchain: undefined, platform: hostPlatform().name, outDir },
    lockFile: builtIn ? join(outDir, 'lock.json') : join(folder, 'recipe.lock.json'),
    tags: [],
    epoch: undefined,
  };
  const store = await openStore(join(folder, 'cache'));
  const invocation = { cwd: folder, env: {}, now: new Date() };
  const sources = sourcesOfRun(plan, { offline: false }, invocation, store);
  const runInBuilder = () => {
    throw new Error('there is no builder');
  };
  const builders = { known: runInBuilder, find: runInBuilder, make: runInBuilder };
  const open: OpenBuild = {
    ...{ plan, store, builders, sources, folder, read: {}, engine: {} as Engine },
    ...{ state: join(folder, 'state'), fresh: false },
    locking: { sources: sources.image, builderSources: sources.builder, runInBuilder, folder },
    dispose: async () => {},
  };
  const { io, events } = recordingIo();
  const warnings = () =>
    events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
  const codes = () => warnings().map(({ code }) => code);
  return { open, plan, io, warnings, codes, lock: await resolveLock(open, recordingIo().io) };
}

/** A sound lock that the recipe's own fields do not ask for. */
const otherLock = (recipe: string): Lock =>
  lockOf('debs', lockedDebs(), {
    ...{ recipe, asked: {} },
    request: sha256Of('{}\n'),
  });

test('without a lock the inputs are pinned, and with --frozen that is refused', async () => {
  const { open, io, codes, lock } = await opened({ builtIn: true });
  expect(await currentLock(open, noOptions, io)).toEqual(lock);
  expect(codes()).toEqual([]);
  const error = await refusal(currentLock(open, { ...noOptions, frozen: true }, io));
  expect(error.code).toBe('LOCK_MISSING');
});

test('a lock that is kept is used as it is, also with --frozen', async () => {
  const { open, plan, io, codes, lock } = await opened({ builtIn: true });
  await keepLock(plan, lock, io);
  await rm(join(open.folder, 'rootfs.tar'));
  expect(await currentLock(open, noOptions, io)).toEqual(lock);
  expect(await currentLock(open, { ...noOptions, frozen: true }, io)).toEqual(lock);
  expect(codes()).toEqual([]);
});

const ofVersion1 = lockText(otherLock('demo')).replace('"lockVersion": 2', '"lockVersion": 1');

test.each([
  [
    'another recipe',
    lockText(otherLock('other')),
    'it is the lock of the recipe other',
    'LOCK_STALE',
  ],
  [
    'version 1',
    ofVersion1,
    'it is a lock of version 1; this mkbase reads and writes version 2',
    'LOCK_INVALID',
  ],
  ['a hand that broke it', '{', 'it is not a lock that .* wrote: it is no JSON', 'LOCK_INVALID'],
])(
  'a lock of %s in the output folder is told and made anew, and refused with --frozen',
  async (_, text, why, code) => {
    const { open, plan, io, warnings, lock } = await opened({ builtIn: true });
    await writeFile(plan.lockFile, text);
    const error = await refusal(currentLock(open, { ...noOptions, frozen: true }, io));
    expect(error.code).toBe(code);
    expect(error.message).toContain(plan.lockFile);
    expect(warnings()).toEqual([]);
    expect(await currentLock(open, noOptions, io)).toEqual(lock);
    expect(warnings()).toEqual([
      {
        code: 'strange-lock',
        message: expect.stringMatching(
          new RegExp(`^${plan.lockFile} is not used: ${why}\\. Its inputs are pinned anew\\.$`),
        ),
        advice: expect.stringContaining('--out'),
      },
    ]);
    await keepLock(plan, lock, io);
    expect(await readFile(plan.lockFile, 'utf8')).toBe(lockText(lock));
  },
);

test('a lock of another recipe is not used even where both ask for the same', async () => {
  const { open, plan, io, codes, lock } = await opened({ builtIn: true });
  await writeFile(plan.lockFile, lockText({ ...lock, recipe: 'other' }));
  const error = await refusal(currentLock(open, { ...noOptions, frozen: true }, io));
  expect(error).toMatchObject({ code: 'LOCK_STALE', hint: expect.stringContaining('mkbase lock') });
  expect(await currentLock(open, noOptions, io)).toEqual(lock);
  expect(codes()).toEqual(['strange-lock']);
});

test.each([
  ['of version 1', ofVersion1, 'LOCK_INVALID'],
  ['for something else', lockText(otherLock('demo')), 'LOCK_STALE'],
])('a lock %s beside a recipe is refused and never replaced', async (_, text, code) => {
  const { open, plan, io, codes } = await opened({ builtIn: false });
  await writeFile(plan.lockFile, text);
  expect((await refusal(currentLock(open, noOptions, io))).code).toBe(code);
  expect(codes()).toEqual([]);
  expect(await readFile(plan.lockFile, 'utf8')).toBe(text);
});

test('a lock beside a recipe that was renamed pins the same under the new name, and is written so', async () => {
  const { open, plan, io, codes, lock } = await opened({ builtIn: false });
  await keepLock(plan, { ...lock, recipe: 'before' }, io);
  await rm(join(open.folder, 'rootfs.tar'));
  const used = await currentLock(open, noOptions, io);
  expect(used).toEqual(lock);
  expect(codes()).toEqual([]);
  await keepLock(plan, used, io);
  expect(await readFile(plan.lockFile, 'utf8')).toBe(lockText(lock));
});

test.each([
  ['beside the recipe', { kept: true }],
  ['of a bundle of inputs', { kept: false }],
])(
  'with --frozen a lock %s under an earlier name of the recipe is refused and stays',
  async (_, { kept }) => {
    const { open, plan, io, lock } = await opened({ builtIn: false });
    const before = { ...lock, recipe: 'before' };
    if (kept) await keepLock(plan, before, io);
    const options = { fresh: false, frozen: true, ...(!kept && { offered: before }) };
    const error = await refusal(currentLock(open, options, io));
    expect(error).toMatchObject({
      code: 'LOCK_STALE',
      message: 'The lock is of a recipe called before, and recipe.yaml is called demo now.',
      hint: expect.stringContaining('mkbase lock'),
    });
    if (kept) expect(await readFile(plan.lockFile, 'utf8')).toBe(lockText(before));
  },
);

test('the lock of a bundle that was made before a recipe was renamed has the new name in a build', async () => {
  const { open, io, lock } = await opened({ builtIn: false });
  const offered = { ...lock, recipe: 'before' };
  expect(await currentLock(open, { ...noOptions, offered }, io)).toEqual(lock);
});

test('a stale lock of a recipe that was renamed as well is pinned anew under the new name', async () => {
  const { open, plan, io, codes, lock } = await opened({ builtIn: false });
  await keepLock(plan, { ...staleLock(lock), recipe: 'before' }, io);
  expect(await currentLock(open, { ...noOptions, relocks: true }, io)).toEqual(lock);
  expect(codes()).toEqual(['relocked']);
});

test('a lock that came with --inputs wins over the one in the output folder', async () => {
  const { open, plan, io, lock } = await opened({ builtIn: true });
  const offered = { ...lock, epoch: 8 };
  for (const text of [lockText(lock), lockText(otherLock('other')), ofVersion1]) {
    await writeFile(plan.lockFile, text);
    expect(await currentLock(open, { ...noOptions, offered }, io)).toEqual(offered);
    const frozen = { fresh: false, frozen: true, offered };
    expect(await currentLock(open, frozen, io)).toEqual(offered);
  }
});

test('a lock that came with --inputs does not win over the one beside a recipe', async () => {
  const { open, plan, io, lock } = await opened({ builtIn: false });
  const offered = { ...lock, epoch: 8 };
  await keepLock(plan, lock, io);
  expect(await currentLock(open, { ...noOptions, offered }, io)).toEqual(lock);
  await rm(plan.lockFile);
  expect(await currentLock(open, { ...noOptions, offered }, io)).toEqual(offered);
});

test('a lock that came with --inputs for something else is refused, not made anew', async () => {
  const { open, io } = await opened({ builtIn: true });
  const attempt = currentLock(open, { ...noOptions, offered: otherLock('demo') }, io);
  expect((await refusal(attempt)).code).toBe('LOCK_STALE');
});

/** A lock that was made when the recipe asked for other files than it does now. */
function staleLock(lock: Lock): Lock {
  const asked = { ...lock.asked, files: ['before'] };
  return { ...lock, asked, request: digestOf(asked) };
}

test('while editing, a stale lock beside a recipe is pinned anew and told, and then written', async () => {
  const { open, plan, io, warnings, lock } = await opened({ builtIn: false });
  await keepLock(plan, staleLock(lock), io);
  const relocked = await currentLock(open, { ...noOptions, relocks: true }, io);
  expect(relocked).toEqual(lock);
  expect(warnings()).toEqual([
    {
      code: 'relocked',
      message: `recipe.yaml asks for something else than its lock was made for (files); ${plan.lockFile} is written anew: no input is another one. All else stays as it was pinned.`,
      advice: expect.stringContaining('--frozen'),
    },
  ]);
  await keepLock(plan, relocked, io);
  expect(await currentLock(open, { ...noOptions, frozen: true }, io)).toEqual(relocked);
});

test.each([
  ['--frozen', { frozen: true, relocks: true }],
  ['a bundle of inputs', { relocks: true, offered: otherLock('demo') }],
  ['CI', { relocks: false }],
])('with %s a stale lock beside a recipe is refused and stays', async (_, options) => {
  const { open, plan, io, codes, lock } = await opened({ builtIn: false });
  await keepLock(plan, staleLock(lock), io);
  const text = await readFile(plan.lockFile, 'utf8');
  const error = await refusal(currentLock(open, { ...noOptions, ...options }, io));
  expect(error).toMatchObject({ code: 'LOCK_STALE', hint: expect.stringContaining('mkbase lock') });
  expect(codes()).toEqual([]);
  expect(await readFile(plan.lockFile, 'utf8')).toBe(text);
});

test('a lock of other bytes than the recipe states is refused while editing, too: nothing was edited', async () => {
  const { open, plan, io, lock } = await opened({ builtIn: false });
  const files = [{ url: 'https://example.org/a', sha256: sha256Of('a') }];
  await keepLock(plan, { ...lock, files }, io);
  const error = await refusal(currentLock(open, { ...noOptions, relocks: true }, io));
  expect(error.code).toBe('LOCK_STALE');
});

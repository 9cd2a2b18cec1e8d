import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { platforms } from '../../src/base/platform.ts';
import { type Built, type KindWork, noParts } from '../../src/kinds/contract.ts';
import { stackWork } from '../../src/kinds/stack/work.ts';
import { rootfsView } from '../../src/rootfs/view.ts';
import type { BuildContext } from '../../src/steps/builder.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quietIo } from '../support/image.ts';
import { directory, file, symlink } from '../support/tar.ts';

const io = quietIo();

/** A kind's work that makes these entries and this record, and whose programs are at a path. */
const workOf = (built: Built, more: Partial<KindWork> = {}): KindWork =>
  ({
    build: async () => built,
    special: () => [],
    parts: async () => noParts,
    ...more,
  }) as KindWork;

const source = { base: { kind: 'low', low: 1 }, top: { kind: 'high', high: 2 }, below: 1 };
const locked = { base: { kind: 'low', low: 3 }, top: { kind: 'high', high: 4 } };
const platform = platforms['linux/amd64'];
const pinned = { name: 'a', source, packages: ['p'], folder: '/', platform, locked, epoch: 0 };

const base: Entry[] = [directory('usr'), directory('usr/bin'), symlink('bin', 'usr/bin')];

test('a program goes where the links among the folders of the base lead', async () => {
  const top = [file('bin/tool', 'x'), file('opt/tool', 'y')];
  const work = stackWork(
    new Map([
      ['low', workOf({ entries: base, record: 'l' })],
      ['high', workOf({ entries: top, record: 'h' })],
    ]),
  );
  const folder = temporaryFolder();
  const built = await work.build(pinned, { folder } as BuildContext, io);
  expect(built.entries).toEqual(base);
  expect(built.over?.map(({ path }) => path)).toEqual(['usr/bin/tool', 'opt/tool']);
  expect(built.record).toEqual({ base: 'l', top: 'h' });
  expect(readdirSync(folder).sort()).toEqual(['base', 'top']);
});

test('what was linked into it is told of the place where it is, and each kind is asked for its own', async () => {
  const asked: unknown[] = [];
  const parts =
    (own: string): KindWork['parts'] =>
    async ({ source, packages }, pinned, { record }) => {
      asked.push({ own, source, packages, pinned, record });
      const linked = own === 'high' ? [{ program: 'bin/tool', objects: ['o'] }] : [];
      const licence = { expression: 'MIT', texts: [], basis: 'b' };
      const component = { id: own, kind: own, name: own, licence, inputs: [], linked };
      const unattributed = own === 'high' ? [{ path: 'bin/tool', reason: 'r' }] : [];
      return { ...noParts, components: [component], unattributed };
    };
  const work = stackWork(
    new Map([
      ['low', workOf({ entries: [] }, { parts: parts('low') })],
      ['high', workOf({ entries: [] }, { parts: parts('high') })],
    ]),
  );
  const view = rootfsView([...base, file('usr/bin/tool', 'x')]);
  const context = {
    ...{ view, store: undefined, builder: undefined, families: new Set<string>() },
    recipe: { file: 'recipe.yaml', sha256: '' },
    record: { base: 'l', top: 'h' },
  };
  const found = await work.parts(pinned, locked, context, io);
  expect(asked).toEqual([
    { own: 'low', source: 1, packages: ['p'], pinned: 3, record: 'l' },
    { own: 'high', source: 2, packages: [], pinned: 4, record: 'h' },
  ]);
  expect(found.components.flatMap(({ linked }) => linked)).toEqual([
    { program: 'usr/bin/tool', objects: ['o'] },
  ]);
  expect(found.unattributed).toEqual([{ path: 'usr/bin/tool', reason: 'r' }]);
});

test('a lock whose base or top is of another kind than the recipe asks for is refused', async () => {
  const work = stackWork(
    new Map([
      ['low', workOf({ entries: [] })],
      ['high', workOf({ entries: [] })],
    ]),
  );
  for (const swapped of [
    { ...locked, base: locked.top },
    { ...locked, top: locked.base },
  ]) {
    const context = { folder: temporaryFolder() } as BuildContext;
    const building = work.build({ ...pinned, locked: swapped }, context, io);
    await expect(building).rejects.toMatchObject({ code: 'SOURCE_UNTRUSTED' });
  }
});

test.each([
  ['listed', ['a'], 'listed'],
  [['a'], 'listed', 'listed'],
  [['a'], ['b'], ['a', 'b']],
] as const)('special bits of %j and %j are %j', (low, high, both) => {
  const work = stackWork(
    new Map([
      ['low', workOf({ entries: [] }, { special: () => low })],
      ['high', workOf({ entries: [] }, { special: () => high })],
    ]),
  );
  expect(work.special({ name: 'a', source })).toEqual(both);
});

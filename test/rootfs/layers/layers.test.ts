import { createHash } from 'node:crypto';
import { array, assert, asyncProperty, constantFrom, integer, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalOrder } from '../../../src/rootfs/canonical.ts';
import { applyLayer } from '../../../src/rootfs/layers/apply.ts';
import { layerDifference } from '../../../src/rootfs/layers/difference.ts';
import type { Inode, Tree } from '../../../src/rootfs/tree.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { parentOf } from '../../../src/tar/names.ts';
import { writeTar } from '../../../src/tar/write.ts';
import { epoch } from '../../support/image.ts';

const common = { mode: 0o644, uid: 0, gid: 0, mtime: epoch, xattrs: [] };

const file = (path: string, text = '', fields: object = {}): Entry => {
  const bytes = Buffer.from(text);
  return { ...common, ...fields, type: 'file', path, size: bytes.length, content: { bytes } };
};

const folder = (path: string, mode = 0o755): Entry => ({
  ...common,
  type: 'directory',
  path,
  mode,
});

const link = (path: string, target: string): Entry => ({
  ...{ ...common, type: 'hardlink', path, target },
});

const refuse = (path: string, problem: string) => {
  throw new Error(`${path} ${problem}`);
};

const paths = (entries: readonly Entry[]) => entries.map(({ path }) => path);

async function digest(entries: readonly Entry[]): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of writeTar(entries)) hash.update(chunk);
  return hash.digest('hex');
}

/** Paths of which some are the folders of others, with names that sort around a slash. */
const names = ['a', 'a/a', 'a/b', 'a/b/c', 'a-b', 'a.b', 'b', 'b/a', 'b/a/c', 'c'];

const object = record({
  path: constantFrom(...names),
  type: constantFrom('file', 'directory', 'symlink', 'fifo', 'link'),
  text: constantFrom('', 'one', 'two'),
  mode: constantFrom(0o644, 0o755, 0o4755),
  owner: integer({ min: 0, max: 1 }),
  time: constantFrom(1, epoch),
  capability: constantFrom('', 'a'),
});

type Drawn = typeof object extends { generate(...args: never[]): { value_: infer T } } ? T : never;

function inodeOf({ path, type, text, mode, owner, time, capability }: Drawn): Inode {
  const xattrs = capability === '' ? [] : [['security.capability', capability] as const];
  const fields = { path, mode, uid: owner, gid: owner, mtime: time, xattrs };
  const bytes = Buffer.from(text);
  if (type === 'symlink') return { ...fields, type, target: `to-${text}` };
  if (type === 'directory' || type === 'fifo') return { ...fields, type };
  return { ...fields, type: 'file', size: bytes.length, content: { bytes } };
}

/** Makes a tree out of drawn objects; one of the type `link` is another name of the last file before it. */
function treeFrom(objects: readonly Drawn[]): Entry[] {
  const tree: Tree = new Map();
  let last: Inode | undefined;
  for (const each of [...objects].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const parent = parentOf(each.path);
    if (parent !== '' && tree.get(parent)?.type !== 'directory') continue;
    const inode = each.type === 'link' && last !== undefined ? last : inodeOf(each);
    if (inode.type === 'file') last = inode;
    tree.set(each.path, inode);
  }
  return canonicalOrder(tree, epoch);
}

const trees = array(object, { maxLength: 14 });

describe('the difference of two trees', () => {
  it('makes the second of the first, whatever they are', async () => {
    await assert(
      asyncProperty(tuple(trees, trees), async ([one, other]) => {
        const [base, image] = [treeFrom(one), treeFrom(other)];
        const layer = await layerDifference(base, image);
        expect(await digest(applyLayer(base, layer, refuse))).toBe(await digest(image));
      }),
      { numRuns: 3000 },
    );
  });

  it('is empty where nothing differs', async () => {
    const tree = treeFrom([]);
    expect(await layerDifference(tree, tree)).toEqual([]);
    const some = [folder('a'), file('a/b', 'text'), link('a/c', 'a/b')];
    expect(await layerDifference(some, some)).toEqual([]);
  });

  it('has the folders above what it changes and nothing else that is the same', async () => {
    const base = [folder('etc'), file('etc/a', 'a'), folder('usr'), file('usr/b', 'b')];
    const image = [folder('etc'), file('etc/a', 'a'), folder('usr'), file('usr/b', 'other')];
    expect(paths(await layerDifference(base, image))).toEqual(['usr', 'usr/b']);
  });

  it('takes a path away with one whiteout, and what was below it with the same', async () => {
    const base = [folder('usr'), folder('usr/doc'), file('usr/doc/a'), file('usr/doc/b')];
    const layer = await layerDifference(base, [folder('usr')]);
    expect(layer).toEqual([
      folder('usr'),
      { ...file('usr/.wh.doc'), mode: 0, mtime: 0, content: { bytes: new Uint8Array() } },
    ]);
  });

  it('needs no whiteout where a file takes the place of a folder, nor the other way round', async () => {
    const base = [folder('a'), file('a/x'), file('b')];
    const image = [file('a'), folder('b'), file('b/y')];
    expect(paths(await layerDifference(base, image))).toEqual(['a', 'b', 'b/y']);
  });

  it('has all names of a file that gets one more, since engines cannot link across layers', async () => {
    const base = [file('a', 'text'), link('b', 'a')];
    const image = [...base, link('c', 'a')];
    expect(await layerDifference(base, image)).toEqual(image);
  });

  it('leaves a file alone that only loses a name', async () => {
    const base = [file('a', 'text'), link('b', 'a')];
    expect(paths(await layerDifference(base, [file('b', 'text')]))).toEqual(['.wh.a']);
  });

  it('parts two files that the base has as one', async () => {
    const base = [file('a', 'text'), link('b', 'a')];
    expect(paths(await layerDifference(base, [file('a', 'text'), file('b', 'text')]))).toEqual([
      'b',
    ]);
  });

  it('compares contents that lie in files on disk', async () => {
    const at = (offset: number): Entry => ({
      ...file('a'),
      ...{ type: 'file', path: 'a', size: 8 },
      content: { file: import.meta.filename, offset, size: 8 },
    });
    expect(paths(await layerDifference([at(0)], [at(0)]))).toEqual([]);
    expect(paths(await layerDifference([at(0)], [at(1)]))).toEqual(['a']);
  });
});

describe('applying a layer', () => {
  const base = [folder('a'), file('a/x', 'x'), file('a/y', 'y')];

  it('knows opaque folders, which other tools write', () => {
    const layer = [folder('a'), file('a/.wh..wh..opq'), file('a/z')];
    expect(paths(applyLayer(base, layer, refuse))).toEqual(['a', 'a/z']);
  });

  it('takes away only what is below, also where the whiteout comes last', () => {
    const layer = [folder('a'), file('a/z'), file('a/.wh..wh..opq')];
    expect(paths(applyLayer(base, layer, refuse))).toEqual(['a', 'a/z']);
  });

  it.each([
    ['a whiteout of nothing', [folder('a'), file('a/.wh.z')], 'a/.wh.z takes away what is not'],
    ['a whiteout with content', [folder('a'), file('a/.wh.x', 'x')], 'a/.wh.x is no empty file'],
    ['a name that stands there twice', [file('z'), file('z')], 'z is there twice'],
    ['a name that goes and comes', [file('.wh.a'), folder('a')], 'a is taken away and there'],
    ['a path below a file', [folder('a'), file('a/x/y')], 'a/x/y lies in no folder'],
    ['a link to nothing', [link('z', 'nothing')], 'z is a hard link to no file'],
  ] as const)('refuses %s', (_, layer, message) => {
    expect(() => applyLayer(base, layer, refuse)).toThrow(message);
  });
});

import { expect, test } from 'vitest';
import { platforms } from '../../src/base/platform.ts';
import { type MirrorInput, mirrorTree } from '../../src/kinds/debootstrap/mirror.ts';
import { settleTimes } from '../../src/kinds/settle-times.ts';
import type { LockedPackage } from '../../src/packages/deb/locked-debs.ts';
import { type TreeWork, treeWork } from '../../src/steps/tree-step.ts';
import { treeOf } from '../../src/steps/work.ts';
import type { Store } from '../../src/store/store.ts';
import { lockedDebs } from '../support/lock.ts';
import { fileEntry } from '../support/node.ts';
import { collect, recordingIo, sha256Of } from '../support/store.ts';

const folder = (path: string, mtime: number) =>
  ({ type: 'directory', path, mode: 0o755, uid: 0, gid: 0, mtime, xattrs: [] }) as const;

const work = (more: Partial<TreeWork> = {}): TreeWork => ({
  rootfs: treeOf([folder('etc', 5), fileEntry('etc/hosts', 'own'), fileEntry('srv', 'x')]),
  beside: treeOf([fileEntry('more', 'y')]),
  script: 'in_rootfs true',
  epoch: 9,
  env: { A: 'b' },
  name: 'run',
  ...more,
});

const sent = [
  { ...folder('etc', 1005) },
  fileEntry('etc/shadow', 'root:*:0:0:99999:7:::\n'),
  fileEntry('.mkbase-clock', '1000\n1010\n'),
  { ...fileEntry('made', 'z'), mtime: 1004 },
];

// Whoever changes a digest here raises the version of the maker: else a result of the old one is found
// as the new one's.
test('a step on a tree: what is sent and what is settled belong to its version', async () => {
  const { version, input, settle, settledBy } = treeWork(work());
  expect(version).toBe(1);
  expect(sha256Of(await collect(await input.bytes()))).toMatchInlineSnapshot(
    `"77aaa56b4c544d7b3a47ba32b384f6bb8b0fb739de4ea7e0a5f757ebc205b633"`,
  );
  expect(settledBy).toEqual({ traces: {}, epoch: 9, folders: 'own' });
  expect(await treeOf((await settle(sent)).entries).digest()).toMatchInlineSnapshot(
    `"143f85c6994ced8dd6ab8191b3197e8bc5f5a0a7d112947ffad04ec9301abc68"`,
  );
});

test.each<[string, Partial<TreeWork>]>([
  ['the tree', { rootfs: treeOf([fileEntry('srv', 'other')]) }],
  ['a file beside it', { beside: treeOf([fileEntry('more', 'other')]) }],
  ['the script', { script: 'in_rootfs false' }],
  ['the environment', { env: { A: 'c' } }],
])('another digest is sent for another of: %s', async (_, more) => {
  const digest = (each: TreeWork) => treeWork(each).input.digest();
  expect(await digest(work(more))).not.toBe(await digest(work()));
  expect(await digest(work())).toBe(await digest(work()));
});

test('a base set: what is settled belongs to its version', async () => {
  const tree = settleTimes(
    [
      { ...fileEntry('begin', ''), mtime: 100 },
      folder('root/usr', 50),
      { ...fileEntry('root/usr/a', 'a'), mtime: 105 },
      { ...fileEntry('root/usr/b', 'b'), mtime: 50 },
      { ...fileEntry('end', ''), mtime: 110 },
    ],
    9,
  );
  expect(await treeOf(tree).digest()).toMatchInlineSnapshot(
    `"761172cbe976f21ce5e75b4f44334108369c8dfa9d7e117164e1d6e7cca76afb"`,
  );
});

test('a mirror is named by its packages, and opened only where it is read', async () => {
  const debs = lockedDebs({
    ...{ name: 'demo', architecture: 'amd64', size: 7, sha256: 'a'.repeat(64) },
  } as LockedPackage);
  const input: MirrorInput = {
    ...{ suite: 'trixie', debs, platform: platforms['linux/amd64'] },
    debootstrap: {
      ...{ codename: 'trixie', mirror: 'http://example.org', base: ['demo'], wanted: [] },
      ...{ required: ['demo'], important: [] },
    },
  };
  const place = { store: {} as Store, workFolder: '/nonexistent' };
  const { io } = recordingIo();
  const digestOf = (each: MirrorInput) => mirrorTree(each, place, io).digest();
  const own = await digestOf(input);
  const others = [
    { ...input, suite: 'sid' },
    { ...input, platform: platforms['linux/arm64'] },
    { ...input, debootstrap: { ...input.debootstrap, codename: 'forky' } },
    { ...input, debootstrap: { ...input.debootstrap, required: [] } },
    { ...input, debootstrap: { ...input.debootstrap, important: ['demo'] } },
    ...(['name', 'architecture', 'size', 'sha256'] as const).map((field) => ({
      ...input,
      debs: {
        ...debs,
        packages: debs.packages.map((each) => ({ ...each, [field]: 'other' as never })),
      },
    })),
  ];
  for (const other of others) expect(await digestOf(other)).not.toBe(own);
  await expect(mirrorTree(input, place, io).entries()).rejects.toThrow();
});

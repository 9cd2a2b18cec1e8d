import { expect, test } from 'vitest';
import { checkLeft, joinTree, mountedEntries, partTree } from '../../src/steps/mounted-paths.ts';
import { readContent } from '../../src/tar/content.ts';
import type { Entry } from '../../src/tar/entry.ts';

const common = { mode: 0o644, uid: 0, gid: 0, mtime: 7, xattrs: [] } as const;
const file = (path: string, text: string): Entry => {
  const bytes = Buffer.from(text);
  return { ...common, type: 'file', path, size: bytes.length, content: { bytes } };
};
const link = (path: string, target: string): Entry => ({
  ...common,
  type: 'hardlink',
  path,
  target,
});
const symlink = (path: string, target: string): Entry => ({
  ...common,
  type: 'symlink',
  path,
  target,
});
const folder = (path: string): Entry => ({ ...common, mode: 0o755, type: 'directory', path });

const pathsOf = (entries: readonly Entry[]) => entries.map(({ path }) => path);
const textOf = async (entry: Entry | undefined) =>
  entry?.type === 'file' ? (await readContent(entry.content)).toString() : entry?.type;

const tree = [
  folder('dev'),
  file('dev/own', 'own'),
  folder('etc'),
  file('etc/hosts', '10.0.0.1 own\n'),
  file('etc/hosts.allow', 'ALL'),
  symlink('etc/resolv.conf', '../run/resolv.conf'),
  folder('proc'),
  folder('process'),
  folder('run'),
  file('run/.containerenv', 'own'),
];

test('what engines mount is parted from what only begins with such a name', () => {
  const { inside, outside } = partTree(tree);
  expect(pathsOf(inside)).toEqual(['etc', 'etc/hosts.allow', 'process', 'run']);
  expect(pathsOf(outside)).toEqual([
    ...['dev', 'dev/own', 'etc/hosts', 'etc/resolv.conf', 'proc', 'run/.containerenv'],
  ]);
});

test('what was kept out comes back as it was, whatever the step left there', async () => {
  const parted = partTree(tree);
  const left = [
    ...parted.inside,
    file('etc/hosts', 'evil'),
    file('dev/evil', 'evil'),
    folder('sys'),
    file('proc/evil', 'evil'),
  ];
  const joined = joinTree(left, parted, 9);
  expect(pathsOf(joined).sort()).toEqual(pathsOf(tree).sort());
  expect(await textOf(joined.find(({ path }) => path === 'etc/hosts'))).toBe('10.0.0.1 own\n');
});

test('names of one file on both sides become two files, and those on one side stay one', async () => {
  const parted = partTree([
    file('etc/hosts', 'same'),
    link('srv/a', 'etc/hosts'),
    link('srv/b', 'etc/hosts'),
    file('srv/c', 'other'),
    link('etc/hostname', 'srv/c'),
  ]);
  const [a, b, c] = parted.inside;
  expect(await textOf(a)).toBe('same');
  expect(b).toMatchObject({ type: 'hardlink', path: 'srv/b', target: 'srv/a' });
  expect(await textOf(c)).toBe('other');
  expect(await Promise.all(parted.outside.map(textOf))).toEqual(['same', 'other']);
  expect(pathsOf(parted.outside)).toEqual(['etc/hosts', 'etc/hostname']);
});

test('a step finds the tree’s own text, and a usual one where the tree has no such file', async () => {
  const [hostname, hosts, resolv] = mountedEntries(partTree(tree).outside, 'own');
  expect(hosts?.path).toBe('own/etc/hosts');
  expect(await textOf(hosts)).toBe('10.0.0.1 own\n');
  expect(await textOf(hostname)).toBe('mkbase\n');
  expect(await textOf(resolv)).toBe('# There is no network.\n');
});

test('folders that are there only for what the engine mounts go, and /dev is always there', () => {
  const parted = partTree([folder('srv')]);
  const left = [folder('srv'), folder('etc'), file('etc/hosts', 'x'), folder('run')];
  expect(pathsOf(joinTree(left, parted, 9))).toEqual(['srv', 'dev']);
  const used = [...left, file('etc/own', 'x'), file('run/own', 'x')];
  expect(pathsOf(joinTree(used, parted, 9))).toEqual([
    'srv',
    'etc',
    'run',
    'etc/own',
    'run/own',
    'dev',
  ]);
});

test.each([
  ['gone', []],
  ['a link', [symlink('etc', 'elsewhere')]],
])('a folder of such a file that is %s is refused', (_, left) => {
  const parted = partTree([folder('etc'), file('etc/hosts', 'x')]);
  expect(() => joinTree(left, parted, 9)).toThrow(
    expect.objectContaining({ code: 'BUILD_FAILED', message: expect.stringContaining('/etc') }),
  );
});

test('podman’s own file is refused where a command made it', () => {
  expect(() => checkLeft([file('run/.containerenv', '')])).toThrow(
    expect.objectContaining({ code: 'BUILD_FAILED' }),
  );
  expect(() => checkLeft([file('run/containerenv', ''), file('.dockerenv', '')])).not.toThrow();
});

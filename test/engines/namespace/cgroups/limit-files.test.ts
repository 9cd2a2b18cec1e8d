import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOverrun, setLimits } from '../../../../src/engines/namespace/cgroups/limit-files.ts';
import { temporaryFolder } from '../../../support/folder.ts';

/** Makes a folder with files of a control group. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const empty = (...names: readonly string[]) =>
  folderOf(Object.fromEntries(names.map((name) => [name, ''])));

const textsOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

const limits = { memoryBytes: 67108864, processes: 40 };
const both = ['memory', 'pids'] as const;

test('version 2 limits memory without swap, ends a build as a whole, and counts processes', async () => {
  const folder = empty('memory.max', 'memory.swap.max', 'memory.oom.group', 'pids.max');
  await setLimits({ folder, version: 2 }, both, limits);
  expect(textsOf(folder)).toEqual({
    'memory.max': '67108864',
    'memory.swap.max': '0',
    'memory.oom.group': '1',
    'pids.max': '42',
  });
});

test('version 1 limits memory, and memory and swap together', async () => {
  const folder = empty('memory.limit_in_bytes', 'memory.memsw.limit_in_bytes', 'pids.max');
  await setLimits({ folder, version: 1 }, both, limits);
  expect(textsOf(folder)).toEqual({
    'memory.limit_in_bytes': '67108864',
    'memory.memsw.limit_in_bytes': '67108864',
    'pids.max': '42',
  });
});

test.each([
  [1, 'memory.limit_in_bytes'],
  [2, 'memory.max'],
] as const)(
  'a kernel of version %i without swap is given no limit of it',
  async (version, file) => {
    const folder = empty(file);
    await setLimits({ folder, version }, ['memory'], limits);
    expect(textsOf(folder)).toEqual({ [file]: '67108864' });
  },
);

test.each([
  [1, 'memory'],
  [2, 'memory'],
  [2, 'pids'],
] as const)(
  'a limit that version %i has not for %s is an error, and no file is made',
  async (version, controller) => {
    const folder = empty('cgroup.procs');
    await expect(setLimits({ folder, version }, [controller], limits)).rejects.toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual(['cgroup.procs']);
  },
);

const calm = 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 0\noom_group_kill 0\n';

test.each([
  ['nothing', { 'memory.events': calm, 'pids.events': 'max 0\n' }, [false, false]],
  ['memory in version 2', { 'memory.events': calm.replace('kill 0', 'kill 1') }, [true, false]],
  [
    'memory in version 1',
    { 'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n' },
    [true, false],
  ],
  ['nothing in version 1', { 'memory.oom_control': 'oom_kill_disable 1\n' }, [false, false]],
  ['processes', { 'pids.events': 'max 7\n', 'memory.events': calm }, [false, true]],
  ['nothing, by a kernel that counts nothing', {}, [false, false]],
])('the kernel counted what ran into a limit: %s', async (_, files, [memory, processes]) => {
  expect(await readOverrun([folderOf({}), folderOf(files)])).toEqual({ memory, processes });
});

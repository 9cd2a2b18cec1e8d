import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Hierarchy } from '../../../../src/engines/namespace/cgroups/hierarchies.ts';
import { findParents } from '../../../../src/engines/namespace/cgroups/parents.ts';
import { temporaryFolder } from '../../../support/folder.ts';

interface Group {
  readonly controllers?: string;
  readonly on?: string;
  /** The kernel takes no new controller. */
  readonly refuses?: true;
  /** Processes are in the group; without, it has no type, as the topmost of the machine. */
  readonly occupied?: true;
  /** The list of processes is not there to be written. */
  readonly closed?: true;
}

/** Makes a folder with the files of a control group of version 2. */
function group(
  folder: string,
  { controllers = '', on = '', refuses, occupied, closed }: Group = {},
): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'cgroup.controllers'), `${controllers}\n`);
  if (!closed) writeFileSync(join(folder, 'cgroup.procs'), occupied ? '0\n123\n' : '');
  if (occupied) writeFileSync(join(folder, 'cgroup.type'), 'domain\n');
  const control = join(folder, 'cgroup.subtree_control');
  if (refuses) mkdirSync(control);
  else writeFileSync(control, on);
  return folder;
}

const everything = 'cpu memory pids';
const top = () => join(temporaryFolder(), 'top');
const unified = (folder: string, own: string): Hierarchy => ({
  ...{ version: 2, controllers: [] },
  ...{ top: folder, own },
});

test('the group that holds mkbase’s own is the parent, where limits are on for what is below it', async () => {
  const slice = group(top(), { controllers: everything, on: 'memory pids' });
  const own = group(join(slice, 'terminal.scope'), { controllers: 'memory pids', occupied: true });
  expect(await findParents([unified(slice, own)])).toEqual([
    { version: 2, folder: slice, controllers: ['memory', 'pids'] },
  ]);
  expect(readFileSync(join(slice, 'cgroup.subtree_control'), 'utf8')).toBe('memory pids');
});

test('a controller that is off and may be on is turned on', async () => {
  const slice = group(top(), { controllers: everything, on: 'memory' });
  const own = group(join(slice, 'terminal.scope'), { controllers: 'memory', occupied: true });
  expect(await findParents([unified(slice, own)])).toEqual([
    { version: 2, folder: slice, controllers: ['memory', 'pids'] },
  ]);
  expect(readFileSync(join(slice, 'cgroup.subtree_control'), 'utf8')).toMatch(/\+pids/);
});

test('a group that cannot limit is passed over for the one above it', async () => {
  const above = group(top(), { controllers: everything, on: everything });
  const slice = group(join(above, 'app.slice'), { controllers: 'memory pids', refuses: true });
  const own = group(join(slice, 'terminal.scope'), { occupied: true });
  expect(await findParents([unified(above, own)])).toMatchObject([{ folder: above }]);
});

test.each<[string, Group]>([
  ['holds processes and is all that can be seen, as in a container', { occupied: true }],
  ['takes no controller', { refuses: true }],
  ['has no controllers', { controllers: 'cpu hugetlb' }],
  ['lets nobody move processes', { on: everything, closed: true }],
])('there is no parent where the group %s', async (_, made) => {
  const own = group(top(), { controllers: everything, ...made });
  expect(await findParents([unified(own, own)])).toEqual([]);
});

test('a group with processes takes no limits, though the kernel would turn them on', async () => {
  const above = group(top(), { controllers: everything });
  const own = group(join(above, 'job'), { controllers: everything, occupied: true });
  expect(await findParents([unified(above, own)])).toMatchObject([{ folder: above }]);
  expect(readFileSync(join(own, 'cgroup.subtree_control'), 'utf8')).toBe('');
});

test('the topmost group of the machine takes limits although it holds processes', async () => {
  const own = group(top(), { controllers: everything });
  writeFileSync(join(own, 'cgroup.procs'), '1\n2\n');
  expect(await findParents([unified(own, own)])).toMatchObject([{ folder: own }]);
});

test('a group that can limit more is taken in place of a nearer one', async () => {
  const above = group(top(), { controllers: everything });
  const slice = group(join(above, 'app.slice'), { controllers: 'pids' });
  const own = group(join(slice, 'terminal.scope'), { occupied: true });
  expect(await findParents([unified(above, own)])).toMatchObject([
    { folder: above, controllers: ['memory', 'pids'] },
  ]);
});

test('one controller alone is taken where the other is not there', async () => {
  const own = group(top(), { controllers: 'pids' });
  expect(await findParents([unified(own, own)])).toEqual([
    { version: 2, folder: own, controllers: ['pids'] },
  ]);
});

test('what a hierarchy of version 1 has is looked for in no other', async () => {
  const own = group(top(), { controllers: everything, on: everything });
  const memory = group(join(temporaryFolder(), 'memory'));
  const old: Hierarchy = { version: 1, controllers: ['memory'], top: memory, own: memory };
  const cpu: Hierarchy = { ...old, controllers: ['cpu', 'cpuacct'] };
  expect(await findParents([cpu, old, unified(own, own)])).toEqual([
    { version: 1, folder: memory, controllers: ['memory'] },
    { version: 2, folder: own, controllers: ['pids'] },
  ]);
  const gone = { ...old, own: '/nowhere' };
  expect(await findParents([gone, unified(own, own)])).toEqual([
    { version: 2, folder: own, controllers: ['pids'] },
  ]);
});

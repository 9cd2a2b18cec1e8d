import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Hierarchy } from '../../../../src/engines/namespace/cgroups/hierarchies.ts';
import { findParents } from '../../../../src/engines/namespace/cgroups/parents.ts';
import { temporaryFolder } from '../../../support/folder.ts';

interface Group {
  readonly controllers?: string;
  readonly on?: string;
  /** The kernel takes no new controller, as where processes are in the group. */
  readonly refuses?: true;
  /** The list of processes is not there to be written. */
  readonly closed?: true;
}

/** Makes a folder with the files of a control group of version 2. */
function group(folder: string, { controllers = '', on = '', refuses, closed }: Group = {}): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'cgroup.controllers'), `${controllers}\n`);
  if (!closed) writeFileSync(join(folder, 'cgroup.procs'), '');
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
  const own = group(join(slice, 'terminal.scope'), { controllers: 'memory pids', refuses: true });
  expect(await findParents([unified(slice, own)])).toEqual([
    { version: 2, folder: slice, controllers: ['memory', 'pids'] },
  ]);
  expect(readFileSync(join(slice, 'cgroup.subtree_control'), 'utf8')).toBe('memory pids');
});

test('a controller that is off and may be on is turned on', async () => {
  const slice = group(top(), { controllers: everything, on: 'memory' });
  const own = group(join(slice, 'terminal.scope'), { controllers: 'memory', refuses: true });
  expect(await findParents([unified(slice, own)])).toEqual([
    { version: 2, folder: slice, controllers: ['memory', 'pids'] },
  ]);
  expect(readFileSync(join(slice, 'cgroup.subtree_control'), 'utf8')).toMatch(/\+pids/);
});

test('a group that cannot limit is passed over for the one above it', async () => {
  const above = group(top(), { controllers: everything, on: everything });
  const slice = group(join(above, 'app.slice'), { controllers: 'memory pids', refuses: true });
  const own = group(join(slice, 'terminal.scope'), { refuses: true });
  expect(await findParents([unified(above, own)])).toMatchObject([{ folder: above }]);
});

test.each<[string, Group]>([
  ['holds processes and is all that can be seen, as in a container', { refuses: true }],
  ['has no controllers', { controllers: 'cpu hugetlb' }],
  ['lets nobody move processes', { on: everything, closed: true }],
])('there is no parent where the group %s', async (_, made) => {
  const own = group(top(), { controllers: everything, ...made });
  expect(await findParents([unified(own, own)])).toEqual([]);
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

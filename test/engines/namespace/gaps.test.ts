import { expect, test } from 'vitest';
import { enforcementOf, gapsOf, imageGaps, stepGaps } from '../../../src/engines/namespace/gaps.ts';
import type { Machine } from '../../../src/engines/namespace/machine.ts';

const whole: Machine = {
  linux: '6.18.0',
  parents: [{ version: 2, folder: '/groups', controllers: ['memory', 'pids'] }],
  filters: true,
  talks: true,
};
type Place = 'step' | 'image';
const codesOf = (gaps: readonly { readonly code: string }[]) => gaps.map(({ code }) => code);

test('a machine that can enforce everything has no gap', () => {
  expect(gapsOf(whole)).toEqual([]);
});

test.each<[Partial<Machine>, string[], Place[]]>([
  [{ parents: [] }, ['shared-memory-not-limited'], ['step', 'image']],
  [
    { parents: [{ version: 1, folder: '/pids', controllers: ['pids'] }] },
    ['shared-memory-not-limited'],
    ['step', 'image'],
  ],
  [{ filters: false }, ['system-calls-not-filtered'], ['step', 'image']],
  [{ linux: '6.1.0-31-amd64' }, ['disk-not-limited'], ['image']],
  [{ talks: false }, ['no-terminal-of-its-own'], []],
])('a machine with %j has these gaps: %j, and they matter to a %j', (lack, codes, matters) => {
  const machine = { ...whole, ...lack };
  const gaps = gapsOf(machine);
  expect(codesOf(gaps)).toEqual(codes);
  for (const { message, advice } of gaps) expect([message, advice]).not.toContain('');
  expect(codesOf(stepGaps(machine))).toEqual(matters.includes('step') ? codes : []);
  expect(codesOf(imageGaps(machine))).toEqual(matters.includes('image') ? codes : []);
});

test('each limit is told with what enforces it', () => {
  expect(enforcementOf(whole)).toEqual([
    'memory: control group (cgroup v2)',
    'processes: control group (cgroup v2)',
    'disk: memory file systems of a fixed size',
    'system calls: seccomp',
    'time and output: mkbase',
  ]);
  const parents = [{ version: 1, folder: '/memory', controllers: ['memory'] }] as const;
  expect(enforcementOf({ ...whole, parents, filters: false, linux: '5.10.0' })).toEqual([
    'memory: control group (cgroup v1)',
    'processes: the user namespace (setrlimit)',
    'disk: memory file systems of a fixed size, for steps alone',
    'system calls: nothing',
    'time and output: mkbase',
  ]);
});

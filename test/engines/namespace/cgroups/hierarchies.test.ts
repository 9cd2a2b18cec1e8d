import { expect, test } from 'vitest';
import { readHierarchies } from '../../../../src/engines/namespace/cgroups/hierarchies.ts';

const v1 = (id: number, name: string, root = '/', folder = `/sys/fs/cgroup/${name}`) =>
  `${id} 30 0:28 ${root} ${folder} rw,relatime shared:9 - cgroup cgroup rw,${name}`;
const v2 = (root = '/', folder = '/sys/fs/cgroup') =>
  `40 30 0:37 ${root} ${folder} rw,relatime - cgroup2 cgroup2 rw,nsdelegate`;

test('a terminal of a desktop is in the one hierarchy of version 2', () => {
  const own = '/user.slice/user-1000.slice/user@1000.service/app.slice/term\\x2d1.scope';
  expect(readHierarchies(`0::${own}\n`, `${v2()}\n`)).toEqual([
    { version: 2, controllers: [], top: '/sys/fs/cgroup', own: `/sys/fs/cgroup${own}` },
  ]);
});

test('each hierarchy of version 1 has its controllers, and an empty one of version 2 beside it', () => {
  const groups = '5:cpu,cpuacct:/\n4:memory:/job/a:b\n1:name=systemd:/\n0::/\n';
  const mounts = [v1(31, 'cpu,cpuacct'), v1(32, 'memory'), v2('/', '/sys/fs/cgroup/unified')];
  expect(readHierarchies(groups, mounts.join('\n'))).toEqual([
    {
      ...{ version: 1, controllers: ['cpu', 'cpuacct'] },
      ...{ top: '/sys/fs/cgroup/cpu,cpuacct', own: '/sys/fs/cgroup/cpu,cpuacct' },
    },
    {
      ...{ version: 1, controllers: ['memory'] },
      ...{ top: '/sys/fs/cgroup/memory', own: '/sys/fs/cgroup/memory/job/a:b' },
    },
    {
      ...{ version: 2, controllers: [] },
      ...{ top: '/sys/fs/cgroup/unified', own: '/sys/fs/cgroup/unified' },
    },
  ]);
});

test('a container that sees a part of a hierarchy is at the top of it, or below', () => {
  const ownOf = (group: string) =>
    readHierarchies(`4:memory:${group}`, v1(32, 'memory', '/docker/abc')).map(({ own }) => own);
  expect(ownOf('/docker/abc')).toEqual(['/sys/fs/cgroup/memory']);
  expect(ownOf('/docker/abc/x')).toEqual(['/sys/fs/cgroup/memory/x']);
});

test.each([
  ['is in a group that no mount shows', '4:memory:/docker/abcd', v1(32, 'memory', '/docker/abc')],
  ['has left its own namespace', '0::/../other', v2()],
  ['has the controller in a hierarchy that is mounted nowhere', '4:memory:/', v1(31, 'pids')],
  ['has no control groups', '', v2()],
  ['has none mounted', '0::/', '22 1 0:20 / / rw - ext4 /dev/vda rw'],
])('a process that %s has no hierarchy', (_, groups, mounts) => {
  expect(readHierarchies(groups, mounts)).toEqual([]);
});

test('a space in the path of a mount is one', () => {
  expect(readHierarchies('0::/a b', v2('/', '/my\\040groups'))).toMatchObject([
    { own: '/my groups/a b' },
  ]);
});

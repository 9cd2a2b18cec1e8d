import { expect, test } from 'vitest';
import { pickOuterId, rangeOfUser } from '../../../src/engines/namespace/ids.ts';

const anna = { name: 'anna', uid: 1000, gid: 100 };
const row = 'anna:100000:65536\n';

test('a user with a range in both files is root inside, and its group root’s group', () => {
  expect(rangeOfUser(anna, row, row)).toEqual({
    writer: 'newidmap',
    users: [
      { inside: 0, outside: 1000, count: 1 },
      { inside: 1, outside: 100000, count: 65534 },
    ],
    groups: [
      { inside: 0, outside: 100, count: 1 },
      { inside: 1, outside: 100000, count: 65534 },
    ],
  });
});

test.each([
  ['', '', '/etc/subuid and /etc/subgid have no range'],
  [row, '', '/etc/subgid has no range'],
  ['', row, '/etc/subuid has no range'],
])('a user without one is told how to get one: %j, %j', (subuid, subgid, reason) => {
  const first = subuid || subgid ? 165536 : 100000;
  const range = `${first}-${first + 65535}`;
  expect(rangeOfUser(anna, subuid, subgid)).toEqual({
    reason: `${reason} of 65534 ids for anna`,
    cure: `Add one: sudo usermod --add-subuids ${range} --add-subgids ${range} anna.`,
  });
});

test('a user without a name cannot have a range', () => {
  expect(rangeOfUser({ ...anna, name: undefined }, '1000:100000:65536', row)).toEqual({
    reason: 'user 1000 has no name in /etc/passwd, and so no range of ids',
    cure: expect.any(String),
  });
});

test('the outer id of a machine is the last block of the range kept for containers', () => {
  expect(pickOuterId('         0          0 4294967295\n')).toBe(0x6fff0000);
});

test('the outer id in a container of 65536 ids is the last of them', () => {
  expect(pickOuterId('0 100000 65536\n')).toBe(65535);
  expect(pickOuterId('0 1000 1\n1 100000 65536\n')).toBe(65536);
});

test('where there is no other id than root there is no outer id', () => {
  expect(pickOuterId('0 1000 1\n')).toBeUndefined();
  expect(pickOuterId('')).toBeUndefined();
});

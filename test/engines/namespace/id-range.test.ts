import { expect, test } from 'vitest';
import { rangeOfUser } from '../../../src/engines/namespace/id-range.ts';

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

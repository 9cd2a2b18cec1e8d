import { describe, expect, test } from 'vitest';
import {
  freeRange,
  rootExtents,
  rowsOf,
  userExtents,
  withinItself,
} from '../../../src/engines/namespace/id-maps.ts';
import { pickOuterId } from '../../../src/engines/namespace/ids.ts';

const rootRows = (map: string) => {
  const extents = rootExtents(map, pickOuterId(map) ?? 0);
  return extents && rowsOf(extents).split('\n');
};

describe('the ids of root’s builds', () => {
  test('on a machine are a block of their own, in which nobody is', () => {
    expect(rootRows('         0          0 4294967295\n')).toEqual(['0 1878982656 65535']);
  });

  test('in a container that has no more are those of its users, and never its root', () => {
    expect(rootRows('0 100000 65536\n')).toEqual(['0 65535 1', '1 1 65534']);
    expect(rootRows('0 1000 1\n1 100000 65536\n')).toEqual(['0 65536 1', '1 1 65534']);
  });

  test('are none where a container has too few', () => {
    expect(rootRows('0 100000 65535\n')).toBeUndefined();
    expect(rootRows('0 1000 1\n1 100000 1000\n')).toBeUndefined();
    expect(rootRows('0 1000 1\n')).toBeUndefined();
  });
});

describe('the ids of an ordinary user’s builds', () => {
  const rows = (text: string) => {
    const extents = userExtents(text, ['anna', '1000'], 1000);
    return extents && rowsOf(extents).split('\n');
  };

  test('are the user as root, and a range that belongs to the user by name or number', () => {
    expect(rows('ben:100000:65536\nanna:165536:65536\n')).toEqual(['0 1000 1', '1 165536 65534']);
    expect(rows('1000:100000:65534')).toEqual(['0 1000 1', '1 100000 65534']);
  });

  test('come from the first row that is long enough', () => {
    expect(rows('anna:100000:1000\nanna:200000:65536\n')).toEqual(['0 1000 1', '1 200000 65534']);
  });

  test.each(['', 'ben:100000:65536', 'anna:100000:65533', 'anna:x:65536', 'anna', 'anna:0:65536'])(
    'are none with %j',
    (text) => {
      expect(rows(text)).toBeUndefined();
    },
  );
});

test('a namespace within a namespace has the same ids', () => {
  const groups = [{ inside: 0, outside: 7, count: 1 }];
  const users = [...groups, { inside: 1, outside: 100000, count: 65534 }];
  const maps = withinItself({ writer: 'newidmap', users, groups });
  expect({ ...maps, users: rowsOf(maps.users), groups: rowsOf(maps.groups) }).toEqual({
    writer: 'write',
    users: '0 0 1\n1 1 65534',
    groups: '0 0 1',
  });
});

test('a range that is advised is nobody’s yet', () => {
  expect(freeRange(['', ''])).toBe('100000-165535');
  expect(freeRange(['anna:100000:65536\n', 'anna:100000:65536\nben:300000:65536\n'])).toBe(
    '365536-431071',
  );
});

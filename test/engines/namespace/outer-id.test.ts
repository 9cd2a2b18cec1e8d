import { expect, test } from 'vitest';
import { pickOuterId } from '../../../src/engines/namespace/outer-id.ts';

test('on a machine it is the last block of the range kept for containers', () => {
  expect(pickOuterId('         0          0 4294967295\n')).toBe(0x6fff0000);
});

test('in a container of 65536 ids it is the last of them', () => {
  expect(pickOuterId('0 100000 65536\n')).toBe(65535);
  expect(pickOuterId('0 1000 1\n1 100000 65536\n')).toBe(65536);
});

test('where there is no other id than root there is none', () => {
  expect(pickOuterId('0 1000 1\n')).toBeUndefined();
  expect(pickOuterId('')).toBeUndefined();
});

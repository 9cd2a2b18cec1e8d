import { expect, test } from 'vitest';
import { gapsOf } from '../../../src/engines/namespace/gaps.ts';

test.each([
  ['6.18.0', true, ['shared-memory-not-limited']],
  ['6.1.0-31-amd64', true, ['shared-memory-not-limited', 'disk-not-limited']],
  ['6.18.0', false, ['shared-memory-not-limited', 'no-terminal-of-its-own']],
])('on Linux %s, where script is installed: %s, these gaps are told: %j', (linux, talks, codes) => {
  const gaps = gapsOf(linux, talks);
  expect(gaps.map(({ code }) => code)).toEqual(codes);
  for (const { message, advice } of gaps) expect([message, advice]).not.toContain('');
});

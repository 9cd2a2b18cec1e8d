import { expect, test } from 'vitest';
import { dryRunText } from '../../src/commands/dry-run.ts';
import type { Foreseen } from '../../src/pipeline/dry-run.ts';

const foreseen: Foreseen = {
  ...{ recipe: 'demo', platform: 'linux/amd64', current: false, lock: 'found' },
  inputs: 'stored',
  builder: { name: 'rootfs', result: 'found' },
  steps: [
    { does: 'base', key: 'k', tree: 'abc' },
    { does: 'run', key: undefined, tree: undefined },
  ],
};

const told = (changes: Partial<Foreseen> = {}) => dryRunText({ ...foreseen, ...changes });

test('a dry run tells of each step whether it is found or made', () => {
  expect(told()).toBe(`demo for linux/amd64; nothing is built.
lock     found
inputs   found
builder  rootfs: found
step     base: found, sha256:abc
step     run: made
image    made
`);
});

test('a dry run of a recipe without steps, with inputs that are to be fetched', () => {
  expect(
    told({ inputs: 'to fetch', builder: null, steps: [] }),
  ).toBe(`demo for linux/amd64; nothing is built.
lock     found
inputs   fetched, those that are not in the cache
image    made
`);
});

test('a dry run where nothing has changed, and one without a lock, say no more than that', () => {
  expect(told({ current: true })).toMatch(
    /^image +found: nothing has changed since it was built\n$/m,
  );
  expect(told({ lock: 'missing' })).toMatch(/^lock +made; which steps are found is known when/m);
  expect(told({ lock: 'missing' })).not.toContain('step ');
});

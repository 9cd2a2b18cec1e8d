import { expect, test } from 'vitest';
import { pacman } from '../../../src/kinds/pacman/schema.ts';

const arch = { snapshot: '2026-06-01', packages: ['base'] };
const master = 'A'.repeat(40);

test.each<[object, string | undefined]>([
  [arch, undefined],
  [{ ...arch, keys: ['k.asc'], masters: [master] }, undefined],
  [{ ...arch, keys: ['k.asc'] }, 'keys'],
  [{ ...arch, masters: [master] }, 'masters'],
  [{ ...arch, masters: ['abc'] }, 'masters'],
  [{ ...arch, snapshot: '2026-13-01' }, 'snapshot'],
  [{ ...arch, packages: ['--root'] }, 'packages'],
  [{ ...arch, repositories: ['../x'] }, 'repositories'],
])('%j is wrong at %s', (source, field) => {
  expect(pacman.safeParse(source).error?.issues[0]?.path[0]).toBe(field);
});

import { describe, expect, test } from 'vitest';
import { alpm } from '../../../src/packages/alpm/alpm.ts';
import { alpmInputs, alpmSignatures, updateAlpm } from '../../../src/packages/alpm/alpm-inputs.ts';
import {
  type LockedAlpm,
  type LockedAlpms,
  lockedAlpms,
} from '../../../src/packages/alpm/locked-alpm.ts';

const locked = (name: string, changes: Partial<LockedAlpm> = {}): LockedAlpm => ({
  name,
  version: '1-1',
  arch: 'x86_64',
  base: name,
  license: 'MIT',
  built: 1_780_000_000,
  repository: 'core',
  filename: `2026/06/01/core/os/x86_64/${name}-1-1-x86_64.pkg.tar.zst`,
  size: 1,
  sha256: 'a'.repeat(64),
  signature: { sha256: 'b'.repeat(64), signedBy: 'A'.repeat(40), masters: ['B'.repeat(40)] },
  ...changes,
});

const lock = (packages: readonly LockedAlpm[]): LockedAlpms => ({
  arch: 'x86_64',
  snapshot: '2026-06-01',
  mirror: 'https://archive.example.org/repos',
  wanted: ['bash'],
  packages,
  date: 1_780_000_000,
});

describe('a lock of Arch', () => {
  test('describes packages by purl and URL, and their signatures by who made them', () => {
    const set = lock([locked('bash')]);
    expect(alpmInputs(set)).toMatchObject([
      {
        uri: 'pkg:alpm/arch/bash@1-1?arch=x86_64&distro=arch',
        url: 'https://archive.example.org/repos/2026/06/01/core/os/x86_64/bash-1-1-x86_64.pkg.tar.zst',
        trust: { by: 'signature' },
      },
    ]);
    expect(alpmSignatures(set)).toMatchObject([
      {
        file: 'bash-1-1-x86_64.pkg.tar.zst.sig',
        signs: 'bash',
        signedBy: ['A'.repeat(40), 'B'.repeat(40)],
      },
    ]);
  });

  test('updates the packages of a base together, and leaves others', () => {
    const before = lock([locked('a'), locked('b', { base: 'x' }), locked('c', { base: 'x' })]);
    const newer = { version: '2-1', built: 1_790_000_000 };
    const after = lock(before.packages.map((each) => ({ ...each, ...newer })));
    const { packages, date } = updateAlpm(before, after, new Set(['x']));
    expect(packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'a 1-1',
      'b 2-1',
      'c 2-1',
    ]);
    expect(date).toBe(1_790_000_000);
  });

  test.each([
    ['filename', '../../etc/passwd'],
    ['name', '--root'],
    ['version', '1'],
    ['signature', {}],
  ])('is refused with another form of %s', (field, value) => {
    expect(lockedAlpms.safeParse(lock([locked('bash')])).success).toBe(true);
    const changed = lock([{ ...locked('bash'), [field]: value } as LockedAlpm]);
    expect(lockedAlpms.safeParse(changed).success).toBe(false);
  });
});

test.each([
  ['2:1.0-1', { epoch: '2', upstream: '1.0', revision: '1' }],
  ['5.2.037-5', { epoch: undefined, upstream: '5.2.037', revision: '5' }],
])('the version %s is split', (version, parts) => {
  expect(alpm.versionParts?.(version)).toEqual(parts);
});

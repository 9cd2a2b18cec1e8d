import { expect, test } from 'vitest';
import type { Platform } from '../../../src/base/platform.ts';
import { repositoryRoots } from '../../../src/kinds/rpm/asked.ts';
import { rpm } from '../../../src/kinds/rpm/schema.ts';

const platform = { name: 'linux/amd64' } as Platform;

/** The roots of a source's repositories, with what is known of each. */
function roots(source: object, mirror?: string) {
  const parsed = rpm.parse({ packages: ['bash'], ...source });
  const asked = { source: parsed, platform, folder: '/', packages: [] };
  return repositoryRoots(asked as never, { mirror });
}

const centos = { distro: 'centos', release: '9' };
const rocky = { distro: 'rocky', release: '9.5' };

test('a compose of CentOS Stream is found where CentOS keeps it, and its lists count as not signed', () => {
  const root =
    'https://composes.stream.centos.org/stream-9/production/CentOS-Stream-9-20250701.0/compose';
  expect(roots({ ...centos, snapshot: '20250701.0' })).toEqual([
    { name: 'baseos', signed: 'packages', url: `${root}/BaseOS/x86_64/os` },
    { name: 'appstream', signed: 'packages', url: `${root}/AppStream/x86_64/os` },
  ]);
});

test.each([
  ['that the recipe names', { mirror: 'https://mirror.example/stream/' }, undefined],
  ['of the run', {}, 'https://mirror.example/stream'],
])('a dated state of a mirror %s is its folder of that name', (_, more, mirror) => {
  const [base] = roots({ ...centos, ...more, snapshot: '2026-11-01' }, mirror);
  const url = 'https://mirror.example/stream/2026-11-01/9-stream/BaseOS/x86_64/os';
  expect(base).toEqual({ name: 'baseos', signed: 'repomd', url });
});

test.each([
  ['rocky', '9', /Rocky Linux keeps no dated states/, /point release/],
  ['alma', '10', /AlmaLinux keeps no dated states/, /point release/],
  ['fedora', '43', /Fedora keeps no dated states/, /mirror of your own/],
  ['centos', '9', /"snapshot: 2026-11-01" is no state that CentOS Stream keeps/, /20250701\.0/],
])('a dated state that %s %s has not is refused', (distro, release, message, hint) => {
  const refused = expect.objectContaining({
    code: 'USAGE',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  const source = { distro, release, snapshot: '2026-11-01' };
  let error: unknown;
  try {
    roots(source);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toEqual(refused);
});

test('a point release is looked for at the mirror, then in the archive; a mirror of choice is asked alone', () => {
  const [base] = roots(rocky);
  expect(base).toMatchObject({
    url: 'https://dl.rockylinux.org/pub/rocky/9.5/BaseOS/x86_64/os',
    archive: 'https://dl.rockylinux.org/vault/rocky/9.5/BaseOS/x86_64/os',
  });
  const [alma] = roots({ distro: 'alma', release: '10.0' });
  expect(alma).toMatchObject({ archive: 'https://vault.almalinux.org/10.0/BaseOS/x86_64/os' });
  for (const found of [roots({ ...rocky, release: '9' }), roots(rocky, 'https://mirror.example')]) {
    expect(found.every((each) => each.archive === undefined)).toBe(true);
  }
});

test.each<[object, string | undefined]>([
  [{ ...centos, snapshot: '20250701.0' }, undefined],
  [rocky, undefined],
  [{ ...centos, release: '9.5' }, 'release'],
  [{ distro: 'fedora', release: '43.1' }, 'release'],
  [{ ...centos, snapshot: '../9' }, 'snapshot'],
  [{ ...centos, snapshot: 'a/b' }, 'snapshot'],
  [{ ...centos, snapshot: 'a..b' }, 'snapshot'],
  [
    {
      snapshot: '2026-11-01',
      repositories: [{ name: 'own', url: 'https://mirror.example', keys: ['key.asc'] }],
    },
    'snapshot',
  ],
])('%j is wrong at %s', (source, field) => {
  const parsed = rpm.safeParse({ packages: ['bash'], ...source });
  expect(parsed.error?.issues[0]?.path[0]).toBe(field);
});

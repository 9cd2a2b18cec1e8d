import { PackageURL } from 'packageurl-js';
import { describe, expect, test } from 'vitest';
import type { PackageRecord } from '../../../src/packages/contract.ts';
import { sourceOf } from '../../../src/packages/rpm/installed/database.ts';
import { rpmLicence } from '../../../src/packages/rpm/licence.ts';
import { rpm } from '../../../src/packages/rpm/rpm.ts';

describe('the licence of a package', () => {
  test.each([
    ['MIT AND GPL-2.0-or-later', 'MIT AND GPL-2.0-or-later'],
    ['GPLv2+', 'GPL-2.0-or-later'],
    ['GPLv2+ and LGPLv2+', 'GPL-2.0-or-later AND LGPL-2.0-or-later'],
    ['LGPLv3+ or GPLv2 and ISC', '(GPL-2.0-only AND ISC) OR LGPL-3.0-or-later'],
    ['(GPLv2+ or ASL 2.0) and zlib', '(Apache-2.0 OR GPL-2.0-or-later) AND Zlib'],
    ['ASL  2.0', 'Apache-2.0'],
  ])('%s is %s', async (stated, expression) => {
    expect((await rpmLicence(stated)).expression).toBe(expression);
  });

  test.each([
    'BSD and GPLv2+',
    'GPLv2+ with exceptions',
    'Public Domain',
    '(GPLv2+',
    'GPLv2+)',
    'and',
    'GPLv2+ and',
    'constructor',
  ])('%s, which does not say which, is kept as it is stated', async (stated) => {
    const { expression, texts } = await rpmLicence(stated);
    expect(expression).toMatch(/^LicenseRef-[\w.-]+-[0-9a-f]{8}$/);
    expect(texts).toMatchObject([{ name: stated }]);
  });

  test('that is not stated is not known', async () => {
    expect((await rpmLicence(undefined)).expression).toBe('NOASSERTION');
    expect((await rpmLicence(' ')).expression).toBe('NOASSERTION');
  });
});

const record = (fields: Partial<PackageRecord>): PackageRecord => ({
  kind: 'rpm',
  name: 'bash',
  version: '5.2.26-3.fc40',
  architecture: 'x86_64',
  source: { name: 'bash', version: '5.2.26-3.fc40' },
  ...fields,
});

describe('the package URL of a package', () => {
  const distro = { id: 'fedora', release: 'fedora-40' };

  test('has the epoch and the source package as qualifiers, and keeps the case of names', () => {
    expect(rpm.purl(record({}), distro)).toBe(
      'pkg:rpm/fedora/bash@5.2.26-3.fc40?arch=x86_64&distro=fedora-40&upstream=bash-5.2.26-3.fc40.src.rpm',
    );
    const other = record({
      name: 'NetworkManager',
      version: '2:1.46~rc1-1.el9',
      source: { name: 'NetworkManager', version: '1.46~rc1-1.el9' },
    });
    expect(rpm.purl(other, distro)).toBe(
      'pkg:rpm/fedora/NetworkManager@1.46~rc1-1.el9?arch=x86_64&distro=fedora-40&epoch=2&upstream=NetworkManager-1.46%7Erc1-1.el9.src.rpm',
    );
  });

  test.each([record({}), record({ version: '1:3.0+git^2-1', name: 'gtk+' })])(
    'is the canonical one of packageurl-js',
    (each) => {
      const text = rpm.purl(each, distro);
      expect(PackageURL.fromString(text).toString()).toBe(text);
    },
  );

  test('splits versions for those that compare them', () => {
    expect(rpm.versionParts?.('2:1.0-3.el9')).toEqual({
      epoch: '2',
      upstream: '1.0',
      revision: '3.el9',
    });
    expect(rpm.versionParts?.('1.0-3')).toMatchObject({ epoch: undefined, upstream: '1.0' });
    expect(rpm.versionParts?.('odd')).toMatchObject({ upstream: 'odd', revision: undefined });
  });
});

test('the source package is read from the name of its file', () => {
  expect(sourceOf('python3.12-3.12.1-4.el9.src.rpm')).toEqual({
    name: 'python3.12',
    version: '3.12.1-4.el9',
  });
  expect(sourceOf('a-b-1-2.nosrc.rpm')).toEqual({ name: 'a-b', version: '1-2' });
  for (const odd of [undefined, '', 'a.src.rpm', 'a-1-2.rpm'])
    expect(sourceOf(odd)).toBeUndefined();
});

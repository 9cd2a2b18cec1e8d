import { describe, expect, test } from 'vitest';
import { checkInstalled } from '../../../src/kinds/debootstrap/make.ts';
import type { LockedPackage } from '../../../src/packages/deb/locked-debs.ts';
import { file } from '../../support/tar.ts';

const record = (
  name: string,
  version: string,
  status = 'install ok installed',
  architecture = 'amd64',
) =>
  `Package: ${name}\nStatus: ${status}\nVersion: ${version}\nArchitecture: ${architecture}\nDescription: x\n y\n`;

const check = (...records: string[]) => {
  const packages = [
    { name: 'a', version: '1:1.0', architecture: 'amd64' },
    { name: 'b', version: '2', architecture: 'amd64' },
  ] as LockedPackage[];
  const entries = [file('var/lib/dpkg/status', records.join('\n'))];
  return checkInstalled(entries, { indexes: [], packages });
};

describe("dpkg's record", () => {
  test('holds the locked packages, and nothing else', async () => {
    await expect(check(record('a', '1:1.0'), record('b', '2'))).resolves.toBeUndefined();
  });

  test.each([
    ['a package is missing', [record('a', '1:1.0')], 'missing: b 2'],
    ['another version is there', [record('a', '1:1.0'), record('b', '3')], 'not locked: b 3'],
    [
      'one more is there',
      [record('a', '1:1.0'), record('b', '2'), record('c', '1')],
      'not locked: c 1',
    ],
    [
      'one is not configured',
      [record('a', '1:1.0'), record('b', '2', 'install ok unpacked')],
      'not configured: b 2 (amd64): install ok unpacked',
    ],
    [
      'one is of another architecture',
      [record('a', '1:1.0'), record('b', '2', 'install ok installed', 'i386')],
      'not locked: b 2 (i386)',
    ],
    ['there is no record', [], 'missing: a 1:1.0'],
  ])('is refused when %s', async (_, records, problem) => {
    await expect(check(...records)).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
      message: expect.stringContaining(problem),
    });
  });
});

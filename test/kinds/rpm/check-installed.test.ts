import { describe, expect, test } from 'vitest';
import { checkInstalled } from '../../../src/kinds/rpm/check-installed.ts';
import { installedHeaders } from '../../../src/packages/rpm/installed/rpmdb.ts';
import type { LockedRpm, LockedRpms } from '../../../src/packages/rpm/locked-rpms.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { rpmDatabase } from '../../support/rpm/database.ts';
import { file } from '../../support/tar.ts';

const folder = 'usr/lib/sysimage/rpm';

const database = (...names: readonly string[]) =>
  rpmDatabase(names.map((name) => ({ 1000: name, 1001: '1', 1002: '2', 1022: 'noarch' })));

/** A lock of what a database holds, with something changed in each package. */
const locked = (bytes: Buffer, change: Partial<LockedRpm> = {}) =>
  ({
    packages: installedHeaders(bytes).map((header) => ({
      ...{ name: header.text(1000), version: '1-2', architecture: 'noarch' },
      header: header.digest(),
      ...change,
    })),
  }) as unknown as LockedRpms;

function check(bytes: Buffer, lock: LockedRpms): Promise<void> {
  const { length: size } = bytes;
  const entry = { ...file(`${folder}/rpmdb.sqlite`), size, content: { bytes } } as Entry;
  return checkInstalled([entry], folder, lock);
}

describe('the packages that rpm installed', () => {
  const bytes = database('bash', 'glibc');

  test('may be exactly those of the lock', async () => {
    await check(bytes, locked(bytes));
  });

  test.each<readonly [string, Partial<LockedRpm>]>([
    ['name', { name: 'zsh' }],
    ['version', { version: '1-3' }],
    ['architecture', { architecture: 'x86_64' }],
    ['header', { header: 'a'.repeat(64) }],
  ])('are refused with another %s', async (_, change) => {
    await expect(check(bytes, locked(bytes, change))).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
      message: expect.stringMatching(
        /missing: .*\n.* {2}not locked: bash 1-2 \(noarch\), header /s,
      ),
    });
  });

  test('are refused where one is missing, or one too many', async () => {
    await expect(check(database('bash'), locked(bytes))).rejects.toThrow('missing: glibc 1-2');
    await expect(check(bytes, locked(database('bash')))).rejects.toThrow('not locked: glibc 1-2');
  });

  test.each([
    ['nothing', ''],
    ['a text of a scriptlet', 'SQLite format 3\0 and no more'],
  ])('are refused where their database is %s', async (_, text) => {
    await expect(check(Buffer.from(text), locked(bytes))).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
    });
    await expect(checkInstalled([], folder, locked(bytes))).rejects.toThrow('there is no /usr/lib');
  });
});

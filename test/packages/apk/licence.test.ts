import { expect, test } from 'vitest';
import { apkLicence } from '../../../src/packages/apk/licence.ts';

test.each([
  ['MIT', 'MIT'],
  ['MIT AND BSD-2-Clause AND GPL-2.0-or-later', 'MIT AND BSD-2-Clause AND GPL-2.0-or-later'],
  ['ISC and MIT', 'ISC AND MIT'],
])('the statement %j of an Alpine package is taken as SPDX writes it', async (stated, expected) => {
  expect(await apkLicence(stated)).toMatchObject({ expression: expected, texts: [] });
});

test.each(['custom', 'GPL-2.0-or-later LGPL-2.1-or-later'])(
  'the statement %j, which is no SPDX expression, is kept by its words',
  async (stated) => {
    const { expression, texts } = await apkLicence(stated);
    expect(expression).toMatch(/^LicenseRef-/);
    expect(texts).toEqual([
      { id: expression, name: stated, text: `The package states its licence as "${stated}".` },
    ]);
  },
);

test('a package that states nothing has no known licence', async () => {
  expect(await apkLicence(undefined)).toMatchObject({ expression: 'NOASSERTION' });
  expect(await apkLicence(' ')).toMatchObject({ expression: 'NOASSERTION' });
});

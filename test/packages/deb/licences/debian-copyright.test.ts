import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import parse from 'spdx-expression-parse';
import { describe, expect, test } from 'vitest';
import { debianLicence } from '../../../../src/packages/deb/licences/debian-copyright.ts';

const header = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n';

const paragraphs = (...each: string[]) => [header, ...each].join('\n');
const files = (licence: string) => `Files: *\nCopyright: somebody\nLicense: ${licence}\n`;

const expressionOf = async (...each: string[]) =>
  (await debianLicence(paragraphs(...each), 'demo')).expression;

describe('a copyright file in format 1.0', () => {
  test.each([
    ['Expat', 'MIT'],
    ['GPL-2', 'GPL-2.0-only'],
    ['GPL-2+', 'GPL-2.0-or-later'],
    ['GPL-2.0+', 'GPL-2.0-or-later'],
    ['LGPL-2.1', 'LGPL-2.1-only'],
    ['AGPL-3+', 'AGPL-3.0-or-later'],
    ['GFDL-NIV-1.3+', 'GFDL-1.3-no-invariants-or-later'],
    ['BSD-3-clause', 'BSD-3-Clause'],
    ['Apache-2', 'Apache-2.0'],
    ['Artistic or GPL-1+', 'Artistic-1.0-Perl OR GPL-1.0-or-later'],
    ['Perl', 'Artistic-1.0-Perl OR GPL-1.0-or-later'],
    ['GPL-2+ and Expat', 'GPL-2.0-or-later AND MIT'],
    // "and" binds closer, unless a comma stands before it.
    ['GPL-2+ or Expat and ISC', '(ISC AND MIT) OR GPL-2.0-or-later'],
    ['GPL-2+ or Expat, and ISC', '(GPL-2.0-or-later OR MIT) AND ISC'],
    // SPDX's own names stand as they are.
    ['curl', 'curl'],
    [
      'GPL-3.0-or-later WITH Autoconf-exception-macro',
      'GPL-3.0-or-later WITH Autoconf-exception-macro',
    ],
  ])('that says %j is %s', async (stated, expected) => {
    expect(await expressionOf(files(stated))).toBe(expected);
  });

  test('is all that its paragraphs state, each once, in one order', async () => {
    const forward = await expressionOf(files('GPL-2+'), files('Expat or ISC'), files('GPL-2+'));
    const backward = await expressionOf(files('ISC or Expat'), files('GPL-2+'));
    expect(forward).toBe('(ISC OR MIT) AND GPL-2.0-or-later');
    expect(backward).toBe(forward);
  });

  test('keeps the text of a name that SPDX does not list, and tells two texts of one name apart', async () => {
    const licence = await debianLicence(
      paragraphs(files('public-domain\n Do what you like.\n .\n Really.')),
      'demo',
    );
    expect(licence.texts).toEqual([
      { id: licence.expression, name: 'public-domain', text: 'Do what you like.\n\nReally.' },
    ]);
    expect(licence.expression).toMatch(/^LicenseRef-public-domain-[0-9a-f]{8}$/);
    expect(await expressionOf(files('public-domain\n Other words.'))).not.toBe(licence.expression);
  });

  test('takes a text from the paragraph that stands alone with it', async () => {
    const { texts } = await debianLicence(
      paragraphs(files('own-terms'), 'License: own-terms\n The terms.\n'),
      'demo',
    );
    expect(texts.map(({ text }) => text)).toEqual(['The terms.']);
  });

  test('keeps a text that has no name', async () => {
    const { texts, expression } = await debianLicence(paragraphs(files('\n Some terms.')), 'demo');
    expect(texts).toEqual([{ id: expression, name: 'unnamed', text: 'Some terms.' }]);
  });

  test('says so when a name has no text anywhere', async () => {
    const { texts } = await debianLicence(paragraphs(files('own-terms')), 'demo');
    expect(texts[0]?.text).toBe('The copyright file names "own-terms" and holds no text of it.');
  });

  test('knows an exception by its words, and one with other words by its text', async () => {
    const bison =
      'As a special exception, you may create a larger work that contains\n part or all of the Bison parser skeleton';
    expect(await expressionOf(files(`GPL-3+ with Bison exception\n ${bison}`))).toBe(
      'GPL-3.0-or-later WITH Bison-exception-2.2',
    );
    expect(await expressionOf(files('GPL-2+ with OpenSSL exception\n You may link it.'))).toMatch(
      /^LicenseRef-GPL-2-with-OpenSSL-exception-[0-9a-f]{8}$/,
    );
  });

  test('with broken syntax is read as prose', async () => {
    const broken = `${paragraphs(files('Expat'))}\nno field\n`;
    const licence = await debianLicence(broken, 'demo');
    expect(licence.expression).toMatch(/^LicenseRef-demo-copyright-/);
  });
});

const documents = '/usr/share/doc';
const installed = existsSync(documents)
  ? readdirSync(documents)
      .map((name) => join(documents, name, 'copyright'))
      .filter((file) => existsSync(file))
  : [];

test(`each of this machine's ${installed.length} copyright files gives a valid expression, and every text behind it`, async () => {
  for (const file of installed) {
    const { expression, texts } = await debianLicence(readFileSync(file, 'utf8'), 'demo');
    expect(() => parse(expression), `${file}: ${expression}`).not.toThrow();
    const references = new Set(expression.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []);
    expect([...references].sort(), file).toEqual(texts.map(({ id }) => id));
  }
});

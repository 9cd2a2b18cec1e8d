import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { describe, expect, test } from 'vitest';
import { packagePurl, purl } from '../../src/packages/purl.ts';

const debian = { id: 'debian', release: 'debian-13' };
const deb = (name: string, version: string, source = name, sourceVersion = version) => ({
  kind: 'deb' as const,
  name,
  version,
  architecture: 'amd64',
  source: { name: source, version: sourceVersion },
});

describe('packagePurl', () => {
  test.each([
    [deb('libc6', '2.41-12', 'glibc'), 'libc6@2.41-12?arch=amd64&distro=debian-13&upstream=glibc'],
    [
      deb('libstdc++6', '14.2.0-19', 'gcc-14'),
      'libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13&upstream=gcc-14',
    ],
    [
      deb('zlib1g', '1:1.3.dfsg+really1.3.1-1+b1', 'zlib', '1:1.3.dfsg+really1.3.1-1'),
      'zlib1g@1:1.3.dfsg%2Breally1.3.1-1%2Bb1?arch=amd64&distro=debian-13&upstream=zlib%401:1.3.dfsg%2Breally1.3.1-1',
    ],
    [deb('attr', '1:2.4.47-2+b1'), 'attr@1:2.4.47-2%2Bb1?arch=amd64&distro=debian-13'],
    [deb('base-files', '13.8~rc1'), 'base-files@13.8~rc1?arch=amd64&distro=debian-13'],
  ])('writes %o as the specification asks', (record, expected) => {
    expect(packagePurl(record, debian)).toBe(`pkg:deb/debian/${expected}`);
  });

  test("names Alpine's packages by its own architecture", () => {
    const record = { ...deb('musl', '1.2.5-r0'), kind: 'apk' as const, architecture: 'x86_64' };
    expect(packagePurl(record, { id: 'alpine', release: 'alpine-3.20.3' })).toBe(
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.3',
    );
  });
});

/** packageurl-js trims what it reads. */
const anyText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() === text);
const name = anyText.filter((text) => !text.includes('/'));
/** packageurl-js decodes the values of qualifiers twice. */
const value = anyText.filter((text) => !text.includes('%'));
const qualifiers = fc.dictionary(fc.constantFrom('arch', 'distro', 'upstream'), value);

describe('purl', () => {
  test('is read by an independent implementation as what it was made of, whatever that is', () => {
    fc.assert(
      fc.property(name, anyText, qualifiers, (called, version, values) => {
        const written = purl({ type: 'generic', name: called, version, qualifiers: values });
        const read = PackageURL.fromString(written);
        expect(read).toMatchObject({ name: called, version });
        expect({ ...read.qualifiers }).toEqual(values);
      }),
    );
  });

  test('leaves as they are only the characters that the specification names', () => {
    fc.assert(
      fc.property(name, anyText, qualifiers, (called, version, values) => {
        const written = purl({ type: 'generic', name: called, version, qualifiers: values });
        const part = '(?:[A-Za-z0-9._~:-]|%[0-9A-F]{2})+';
        const pair = `(?:arch|distro|upstream)=${part}`;
        expect(written).toMatch(
          new RegExp(`^pkg:generic/${part}@${part}(?:\\?${pair}(?:&${pair})*)?$`),
        );
      }),
    );
  });
});

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
      'zlib1g@1:1.3.dfsg+really1.3.1-1+b1?arch=amd64&distro=debian-13&upstream=zlib%401%3A1.3.dfsg%2Breally1.3.1-1',
    ],
    [deb('attr', '1:2.4.47-2+b1'), 'attr@1:2.4.47-2+b1?arch=amd64&distro=debian-13'],
    [deb('base-files', '13.8~rc1'), 'base-files@13.8~rc1?arch=amd64&distro=debian-13'],
  ])('writes %o as packageurl-js does', (record, expected) => {
    expect(packagePurl(record, debian)).toBe(`pkg:deb/debian/${expected}`);
  });

  test("names a third party's package by its archive, and not as the distribution's", () => {
    const vendor = { name: 'vendor', repository: 'https://packages.example.org/debian' };
    const written = packagePurl(deb('tool', '2.0', 'tools'), debian, vendor);
    expect(written).toBe(
      'pkg:deb/vendor/tool@2.0?arch=amd64&repository_url=https%3A%2F%2Fpackages.example.org%2Fdebian&upstream=tools',
    );
    expect(PackageURL.fromString(written).toString()).toBe(written);
  });

  test('names a package in lower case, as the specification asks of distributions', () => {
    const record = { ...deb('R-mathlib', '4.4.1-r0'), kind: 'apk' };
    const written = packagePurl(record, { id: 'alpine', release: 'alpine-3.20.3' });
    expect(written).toMatch(/^pkg:apk\/alpine\/r-mathlib@/);
    expect(PackageURL.fromString(written).toString()).toBe(written);
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

  test.each([
    ['checksum', `sha256:${'a'.repeat(64)}`, `checksum=sha256%3A${'a'.repeat(64)}`],
    ['download_url', 'https://h/a+b~c.tar.gz', 'download_url=https%3A%2F%2Fh%2Fa%2Bb%7Ec.tar.gz'],
  ])('encodes the qualifier %s as packageurl-js does', (key, value, expected) => {
    const written = purl({ type: 'generic', name: 'a', qualifiers: { [key]: value } });
    expect(written).toBe(`pkg:generic/a?${expected}`);
    expect(PackageURL.fromString(written).toString()).toBe(written);
  });

  test('is to the letter what packageurl-js writes of it', () => {
    const subpath = fc.constantFrom(undefined, 'recipes/a.yaml', 'a/b c+d');
    fc.assert(
      fc.property(name, anyText, qualifiers, subpath, (called, version, values, path) => {
        const parts = { type: 'generic', name: called, version, qualifiers: values };
        const written = purl({ ...parts, ...(path !== undefined && { subpath: path }) });
        expect(PackageURL.fromString(written).toString()).toBe(written);
        const other = new PackageURL('generic', undefined, called, version, values, path);
        expect(other.toString()).toBe(written);
      }),
    );
  });
});

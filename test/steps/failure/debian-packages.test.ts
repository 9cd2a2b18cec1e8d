import { expect, test } from 'vitest';
import { packageOfTool, toolPackages } from '../../../src/packages/deb/tool-packages.ts';
import {
  packageOfDependency,
  packageOfHeader,
  packageOfLibrary,
  packageOfModule,
} from '../../../src/steps/failure/debian-packages.ts';
import { developmentPackages } from '../../../src/steps/failure/development-packages.ts';

test.each([
  ['zlib.h', 'zlib1g-dev'],
  ['openssl/ssl.h', 'libssl-dev'],
  ['curl/curl.h', 'libcurl4-openssl-dev'],
  ['libxml/parser.h', 'libxml2-dev'],
  ['ncurses.h', 'libncurses-dev'],
  ['nothing/of/that.h', undefined],
])('the header %s is in %s', (header, name) => {
  expect(packageOfHeader(header)?.name).toBe(name);
});

test.each([
  ['ZLIB', 'zlib1g-dev'],
  ['OpenSSL', 'libssl-dev'],
  ['CURL', 'libcurl4-openssl-dev'],
  ['LibXml2', 'libxml2-dev'],
  ['PNG', 'libpng-dev'],
  ['Freetype', 'libfreetype-dev'],
  ['SQLite3', 'libsqlite3-dev'],
  ['LibLZMA', 'liblzma-dev'],
  ['EXPAT', 'libexpat1-dev'],
  ['Nothing', undefined],
])('CMake means by %s the package %s', (name, expected) => {
  expect(packageOfDependency(name)?.name).toBe(expected);
});

test('libraries, modules and programs have their packages, and shared libraries are known as such', () => {
  expect(packageOfLibrary('ssl')?.name).toBe('libssl-dev');
  expect(packageOfLibrary('udev')).toMatchObject({ name: 'libudev-dev', sharedOnly: ['udev'] });
  expect(packageOfModule('glib-2.0')?.name).toBe('libglib2.0-dev');
  expect(['yacc', 'aclocal', 'ninja', 'makeinfo', 'nothing'].map(packageOfTool)).toEqual([
    ...['bison', 'automake', 'ninja-build', 'texinfo'],
    undefined,
  ]);
});

test('each line of the tables names one package, sorted, and none stands there twice', () => {
  for (const table of [developmentPackages, toolPackages]) {
    const names = table
      .trim()
      .split('\n')
      .map((line) => line.split(': ')[0] ?? '');
    expect(names.filter((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name))).toEqual([]);
    expect([...new Set(names)].sort()).toEqual(names);
  }
});

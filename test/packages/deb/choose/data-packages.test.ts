import { expect, test } from 'vitest';
import {
  dataPackages,
  requireOneOfEach,
} from '../../../../src/packages/deb/choose/data-packages.ts';
import type { OpenIndex } from '../../../../src/packages/deb/choose/open-suite.ts';
import type { Candidate } from '../../../../src/packages/deb/index/candidate.ts';
import { candidateOf } from '../../../../src/packages/deb/index/candidate.ts';
import { parseParagraph } from '../../../../src/packages/deb/index/paragraph.ts';

const stanza = (name: string, version: string, architecture: string) =>
  parseParagraph(
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nDepends: gcc, libc6\n`,
  );

/** An index of packages, each `name version`, of one architecture. */
const indexOf = (suite: string, architecture: string, ...packages: string[]): OpenIndex => ({
  ...{ suite, architecture, plain: { size: 0, sha256: '' } },
  index: {
    names: async () => packages.map((each) => each.split(' ')[0]!),
    namesWith: async () => [],
    providers: async () => [],
    find: async (name) =>
      packages
        .map((each) => each.split(' '))
        .filter(([own]) => own === name)
        .map(([own = '', version = '']) => stanza(own, version, architecture)),
    cut: async () => Buffer.alloc(0),
    close: async () => {},
  },
});

const indexes = [
  indexOf('trixie', 'amd64', 'musl-dev 1.2.5-3'),
  indexOf('trixie', 'arm64', 'musl-dev 1.2.5-3', 'zlib1g-dev 1.3'),
  indexOf('trixie-security', 'arm64', 'musl-dev 1.2.5-3.1'),
];

const told = (packages: readonly Candidate[]) =>
  packages.map(({ name, version, architecture }) => `${name} ${version} ${architecture}`);

test('packages of another architecture are the newest of that, and nothing comes with them', async () => {
  const found = await dataPackages(['musl-dev:arm64', 'zlib1g-dev:arm64'], indexes, 'trixie');
  expect(told(found)).toEqual(['musl-dev 1.2.5-3.1 arm64', 'zlib1g-dev 1.3 arm64']);
});

test('one that the architecture lacks is refused by name', async () => {
  await expect(dataPackages(['zlib1g-dev:s390x'], indexes, 'trixie')).rejects.toMatchObject({
    code: 'PACKAGE_NOT_FOUND',
    message: 'The suite trixie has no package zlib1g-dev for s390x.',
  });
});

test('a package of two architectures is refused, since its record has one name', () => {
  const both = ['amd64', 'arm64'].map((each) => candidateOf(stanza('a1', '1', each), 'x', each));
  expect(() => requireOneOfEach(both)).toThrow('a1 is wanted for amd64 and for arm64');
  expect(() => requireOneOfEach(both.slice(1))).not.toThrow();
});

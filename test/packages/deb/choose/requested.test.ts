import { expect, test } from 'vitest';
import { foreignAmong, requestedPackage } from '../../../../src/packages/deb/choose/requested.ts';

test.each([
  ['libc6', { name: 'libc6' }],
  ['libc6=1:2-3', { name: 'libc6', version: '1:2-3' }],
  ['git/trixie-backports', { name: 'git', from: 'trixie-backports' }],
  ['libc6:i386', { name: 'libc6', architecture: 'i386' }],
  ['libc6:i386=1:2-3', { name: 'libc6', architecture: 'i386', version: '1:2-3' }],
  ['g++:armhf/sid', { name: 'g++', architecture: 'armhf', from: 'sid' }],
])('%s is read as apt does', (word, expected) => {
  expect(requestedPackage(word)).toEqual(expected);
});

test('packages of the image itself and of all architectures are not foreign', () => {
  const packages = ['amd64', 'i386', 'all', undefined, 'armhf', 'i386'];
  const found = foreignAmong(
    packages.map((architecture) => ({ architecture })),
    'amd64',
  );
  expect(found).toEqual(['armhf', 'i386']);
});

import { expect, test } from 'vitest';
import {
  archiveForm,
  archiveStem,
  compressionByName,
  isUnreadArchive,
  tarEnding,
  tarStem,
} from '../../src/tar/compression-names.ts';

test.each([
  ['rootfs.tar', 'none', 'rootfs'],
  ['alpine-minirootfs-3.20.3-x86_64.tar.gz', 'gz', 'alpine-minirootfs-3.20.3-x86_64'],
  ['rootfs.tgz', 'gz', 'rootfs'],
  ['lua5.4_5.4.7.orig.tar.xz', 'xz', 'lua5.4_5.4.7.orig'],
  ['rootfs.txz', 'xz', 'rootfs'],
  ['rootfs.tar.zst', 'zst', 'rootfs'],
  ['zlib-1.3.1.tar.bz2', undefined, 'zlib-1.3.1'],
  ['gmp-6.3.0.tar.lz', undefined, 'gmp-6.3.0'],
  ['lua5.4_5.4.7.orig.tar.xz.asc', undefined, undefined],
  ['archive.zip', undefined, undefined],
])('the name %s states the compression %s', (name, compression, stem) => {
  expect(compressionByName(name)).toBe(compression);
  expect(tarStem(name)).toBe(stem);
});

test('the ending of its own archives states the same compression', () => {
  for (const compression of ['none', 'gz', 'xz', 'zst'] as const) {
    expect(compressionByName(`rootfs${tarEnding(compression)}`)).toBe(compression);
  }
});

test.each([
  ['zlib-1.3.1.tar.bz2', 'bz2', 'zlib-1.3.1'],
  ['archive.zip', 'zip', 'archive'],
  ['rootfs.tgz', 'gz', 'rootfs'],
  ['archive.7z', undefined, undefined],
  ['archive.Zip', undefined, undefined],
])('the name %s states the form %s', (name, form, stem) => {
  expect(archiveForm(name)).toBe(form);
  expect(archiveStem(name)).toBe(stem);
});

test.each(['a.7z', 'a.RAR', 'a.tar.lz', 'a.tlz', 'a.tar.Z', 'a.cpio', 'a.jar'])(
  '%s is an archive that nothing reads',
  (name) => expect(isUnreadArchive(name)).toBe(true),
);

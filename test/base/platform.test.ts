import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hostPlatform,
  hostPlatformNames,
  platformFileName,
  platformNames,
  platformOfImage,
  platforms,
} from '../../src/base/platform.ts';

const all = Object.values(platforms);

describe('the table of platforms', () => {
  test('says of each its names in the words of OCI, Debian, Alpine, GNU and QEMU', () => {
    const rows = all.map((each) =>
      [
        ...[each.name, each.ociVariant ?? '-', each.debian, each.debianSuite ?? '-'],
        ...[each.alpine ?? '-', each.gnu, each.qemu],
      ].join(' '),
    );
    expect(rows).toEqual([
      'linux/amd64 - amd64 trixie x86_64 x86_64-linux-gnu x86_64',
      'linux/arm64 v8 arm64 trixie aarch64 aarch64-linux-gnu aarch64',
      'linux/386 - i386 trixie x86 i686-linux-gnu i386',
      'linux/arm/v5 v5 armel trixie - arm-linux-gnueabi arm',
      'linux/arm/v6 v6 armel trixie armhf arm-linux-gnueabi arm',
      'linux/arm/v7 v7 armhf trixie armv7 arm-linux-gnueabihf arm',
      'linux/mips64le - mips64el bookworm - mips64el-linux-gnuabi64 mips64el',
      'linux/ppc64le - ppc64el trixie ppc64le powerpc64le-linux-gnu ppc64le',
      'linux/riscv64 - riscv64 trixie riscv64 riscv64-linux-gnu riscv64',
      'linux/s390x - s390x trixie s390x s390x-linux-gnu s390x',
      'linux/loong64 - loong64 - loongarch64 loongarch64-linux-gnu loongarch64',
    ]);
  });

  test('has every platform under its own name', () => {
    expect(Object.keys(platforms)).toEqual([...platformNames]);
    expect(all.map(({ name }) => name)).toEqual([...platformNames]);
  });

  test('tells all platforms apart by what an image says of itself', () => {
    for (const { name, ociArchitecture, ociVariant } of all) {
      const told = { os: 'linux', architecture: ociArchitecture, variant: ociVariant };
      expect(platformOfImage(told)?.name).toBe(name);
    }
  });

  test('has one form of program for each name of OCI', () => {
    const forms = all.map(({ elf }) => JSON.stringify(elf));
    expect(new Set(forms).size).toBe(platformNames.length);
  });
});

describe('the platform of an image', () => {
  test.each([
    ['arm', 'linux/arm/v7'],
    ['arm64', 'linux/arm64'],
    ['386', 'linux/386'],
  ])('without a variant is the usual one of %s', (architecture, name) => {
    expect(platformOfImage({ architecture })?.name).toBe(name);
    expect(platformOfImage({ architecture, variant: '' })?.name).toBe(name);
  });

  test('is not known of another system, another variant or anything that is no text', () => {
    expect(platformOfImage({ os: 'windows', architecture: 'amd64' })).toBeUndefined();
    expect(platformOfImage({ architecture: 'arm', variant: 'v4' })).toBeUndefined();
    const value = fc.anything();
    const property = fc.property(value, value, value, (os, architecture, variant) => {
      const found = platformOfImage({ os, architecture, variant });
      expect(found === undefined || platforms[found.name] === found).toBe(true);
    });
    fc.assert(property);
  });
});

test('a platform becomes a part of a file name of its own', () => {
  expect(platformFileName('linux/arm/v7')).toBe('linux-arm-v7');
  const names = platformNames.map(platformFileName);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
});

test('builders run on amd64 and arm64, and other machines are told so', () => {
  expect(hostPlatformNames).toEqual(['linux/amd64', 'linux/arm64']);
  expect(hostPlatform('arm64').gnu).toBe('aarch64-linux-gnu');
  expect(() => hostPlatform('s390x')).toThrow(
    "This machine's architecture is s390x; mkbase runs on linux/amd64 and linux/arm64.",
  );
  expect(() => hostPlatform('toString')).toThrow('mkbase runs on');
});

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { platformNames, platforms } from '../../../src/base/platform.ts';
import { crossFiles, crossVariables } from '../../../src/kinds/static/cross-build.ts';
import { linker, toolBehind } from '../../../src/kinds/static/link/link-record.ts';
import { assembler } from '../../../src/kinds/static/native-code.ts';
import type { ToolchainSettings } from '../../../src/recipe/schema/schema.ts';
import { temporaryFolder } from '../../support/folder.ts';

const settings: ToolchainSettings = {
  libc: 'musl',
  cc: ['aarch64-linux-gnu-gcc', '-specs=x'],
  cxx: ['aarch64-linux-gnu-g++'],
  strip: ['aarch64-linux-gnu-strip', '--strip-all'],
  target: 'aarch64-linux-gnu',
  linkFlags: ['-static'],
  env: {},
};
const arm64 = { toolchain: settings, platform: platforms['linux/arm64'] };
const { target: _, ...ofItsOwn } = settings;
const native = { toolchain: ofItsOwn, platform: platforms['linux/arm64'] };

describe('a cross build', () => {
  test('finds the tools of its target in its environment', () => {
    expect(crossVariables(arm64)).toEqual({
      AR: 'aarch64-linux-gnu-ar',
      NM: 'aarch64-linux-gnu-nm',
      OBJCOPY: 'aarch64-linux-gnu-objcopy',
      RANLIB: 'aarch64-linux-gnu-ranlib',
      STRIP: 'aarch64-linux-gnu-strip',
      PKG_CONFIG_LIBDIR:
        '/usr/aarch64-linux-gnu/lib/pkgconfig:/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig',
      CONFIG_SITE: '/build/cross.site',
      CMAKE_TOOLCHAIN_FILE: '/build/cross.cmake',
    });
  });

  test('brings files that tell CMake and meson what it compiles for', () => {
    const { added } = crossFiles(arm64);
    expect(added['cross.cmake']).toContain('set(CMAKE_SYSTEM_PROCESSOR aarch64)\n');
    expect(added['cross.cmake']).toContain(
      'set(CMAKE_C_COMPILER "aarch64-linux-gnu-gcc;-specs=x")\n',
    );
    expect(added['cross.meson']).toContain("c = ['aarch64-linux-gnu-gcc', '-specs=x']\n");
    expect(added['cross.meson']).toContain("endian = 'little'\n");
  });

  test.each([
    ['linux/386', 'x86', 'i686', 'little'],
    ['linux/s390x', 's390x', 's390x', 'big'],
    ['linux/ppc64le', 'ppc64', 'ppc64le', 'little'],
    ['linux/mips64le', 'mips64', 'mips64', 'little'],
  ] as const)('for %s has a processor of the family %s', (name, family, processor, order) => {
    const { added } = crossFiles({ ...arm64, platform: platforms[name] });
    expect(added['cross.meson']).toMatch(
      new RegExp(`cpu_family = '${family}'\ncpu = '${processor}'\nendian = '${order}'`),
    );
  });

  test('has configure do what it does for --host', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cross.site'), crossFiles(arm64).added['cross.site']!);
    const script = '. ./cross.site; echo "$host_alias" "$cross_compiling" "$ac_tool_prefix"ranlib';
    expect(execFileSync('/bin/sh', ['-c', script], { cwd: folder, encoding: 'utf8' })).toBe(
      'aarch64-linux-gnu yes aarch64-linux-gnu-ranlib\n',
    );
  });

  test.each([
    [['setup', 'build dir'], 'setup --cross-file /build/cross.meson build dir'],
    [['compile', '-C', 'out'], 'compile -C out'],
  ])('hands meson the cross file where it sets up: %j', (words, expected) => {
    const script = crossFiles(arm64).scripts['link/meson']!.replaceAll(
      'exec /usr/bin/meson',
      'exec echo',
    );
    const told = execFileSync('/bin/sh', ['-c', script, 'meson', ...words], { encoding: 'utf8' });
    expect(told.trimEnd()).toBe(expected);
  });

  test('is none for a compiler of its own platform', () => {
    expect(crossVariables(native)).toEqual({});
    expect(crossFiles(native)).toEqual({ added: {}, scripts: {} });
  });
});

describe('what stands in the place of a tool', () => {
  const behind = (target: string | undefined, calledAs: string): string =>
    execFileSync('/bin/sh', ['-c', `${toolBehind('real', target)}; echo "$real"`, calledAs], {
      encoding: 'utf8',
    }).trimEnd();

  test('calls the tool of its name', () => {
    expect(behind(undefined, '/build/link/ld.bfd')).toBe('/usr/bin/ld.bfd');
  });

  test.each(platformNames)(
    'calls that of %s, whether its target stands in its name or not',
    (name) => {
      const { gnu } = platforms[name];
      expect(behind(gnu, '/build/link/ld')).toBe(`/usr/bin/${gnu}-ld`);
      expect(behind(gnu, `/build/link/${gnu}-ld`)).toBe(`/usr/bin/${gnu}-ld`);
    },
  );

  test('is a script that a shell can read, for linker and assembler', () => {
    for (const target of [undefined, 'arm-linux-gnueabi']) {
      for (const script of [linker(target), assembler(target)]) {
        execFileSync('/bin/sh', ['-n'], { input: script });
      }
    }
    expect(assembler('arm-linux-gnueabi')).toContain('exec /usr/bin/arm-linux-gnueabi-as "$@"');
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostPlatform, platformNames, platforms } from '../../src/base/platform.ts';
import { runCommand } from '../../src/base/run-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { everySetting } from './support/engines.ts';
import { mkbase } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });
const greeting = 'Hello from mkbase!';

/** Bytes of the program in docker-library's hello-world, by the name of the platform. */
const ofDockerLibrary: Readonly<Record<string, number>> = {
  'linux/amd64': 10_072,
  'linux/arm64': 5_200,
};
/** The smallest of docker-library's programs has 4,040 bytes. */
const smallest = 4_040;

const runsAnywhere = !spawnSync('qemu-s390x-static', ['--version']).error;
const emulator = (name: keyof typeof platforms) => `qemu-${platforms[name].qemu}-static`;

/** Builds a recipe for a platform into a tar of its root filesystem; returns the result and the program. */
async function build(recipe: string, platform: string, more: readonly string[] = []) {
  const out = join(work, `${recipe}-${platform.replaceAll('/', '-')}`);
  const tar = `${out}.tar`;
  const run = await mkbase(
    [
      ...[recipe, '--platform', platform, '--out', out, '--no-test', '--json'],
      ...['--output', `type=rootfs,dest=${tar}`, ...more],
    ],
    { cwd: work },
  );
  expect(run).toMatchObject({ code: 0 });
  execFileSync('mkdir', ['-p', `${out}.root`]);
  execFileSync('tar', ['-xf', tar, '-C', `${out}.root`]);
  const result = JSON.parse(run.stdout) as { readonly diffId: string };
  return { ...result, program: join(`${out}.root`, recipe), out };
}

const printed = (name: keyof typeof platforms, program: string): string =>
  execFileSync(emulator(name), [program]).toString();

describe('hello is compiled on this machine', () => {
  test.each(platformNames)('for %s: it is small, and greets under QEMU', async (name) => {
    const { program } = await build('hello', name, ['--engine', 'namespace']);
    const size = statSync(program).size;
    expect(size).toBeLessThan(600);
    expect(size).toBeLessThan(ofDockerLibrary[name] ?? smallest);
    if (runsAnywhere) expect(printed(name, program).split('\n')[0]).toBe(greeting);
  });

  test('and has one digest on every engine', async () => {
    const digests = new Map<string, string>();
    for (const { title, engine, settings, missing } of everySetting) {
      if (missing) continue;
      const out = join(work, `same-${title.replaceAll(' ', '-')}`);
      const output = ['--output', `type=oci,dest=${out}.oci.tar`];
      const words = ['hello', '--platform', 'linux/s390x', '--engine', engine, '--no-test'];
      const run = await mkbase([...words, '--out', out, ...output, '--json'], {
        cwd: work,
        ...settings(),
      });
      expect(run).toMatchObject({ code: 0 });
      digests.set(title, (JSON.parse(run.stdout) as { manifestDigest: string }).manifestDigest);
    }
    expect(new Set(digests.values()).size).toBe(1);
  });
});

describe('a C library for another platform', () => {
  test.each([
    ['hello-musl', 'linux/arm64'],
    ['hello-glibc', 'linux/s390x'],
    ['hello-cpp', 'linux/arm/v7'],
  ] as const)('links %s for %s', async (recipe, name) => {
    const { program, out } = await build(recipe, name, ['--engine', 'namespace']);
    if (runsAnywhere) expect(printed(name, program)).toContain(greeting);
    const text = execFileSync('cat', [join(out, 'provenance.json')]).toString();
    const { predicate } = JSON.parse(text) as {
      predicate: {
        buildDefinition: { externalParameters: { platform: string } };
        runDetails: { builder: { builderDependencies: { annotations?: object }[] } };
      };
    };
    expect(predicate.buildDefinition.externalParameters.platform).toBe(name);
    const [builder] = predicate.runDetails.builder.builderDependencies;
    expect(builder?.annotations).toEqual({ platform: hostPlatform().name });
    const verified = await mkbase(['verify', out], { cwd: work });
    expect(verified).toMatchObject({ code: 0 });
  });

  test('that Debian does not have is named with the reason', async () => {
    const run = await mkbase(['hello-musl', '--platform', 'linux/mips64le'], { cwd: work });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(
      "does not compile for linux/mips64le: Debian's trixie has no musl for it",
    );
  });
});

describe('an image of packages for another platform', () => {
  test('is unpacked without emulation', async () => {
    const foreign = hostPlatform().name === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64';
    const { diffId } = await build('distroless-static', foreign, ['--engine', 'namespace']);
    expect(diffId).toMatch(/^sha256:/);
  });

  test('of a suite that does not have it is refused with what the suite has', async () => {
    const run = await mkbase(['distroless-static', '--platform', 'linux/mips64le'], { cwd: work });
    expect(run.code).not.toBe(0);
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain('It has packages for amd64, arm64');
  });
});

/** Writes an own build of a program by CMake, meson and autoconf, which prints a line. */
function writeOwnBuild(folder: string): void {
  const files = {
    'recipe.yaml': `name: own
epoch: 0
from:
  static:
    toolchain: { extends: gcc-musl, packages: [cmake, meson, autoconf, automake] }
    folder: sources
    build:
      - [cmake, -S, ., -B, by-cmake]
      - [cmake, --build, by-cmake]
      - [meson, setup, by-meson]
      - [meson, compile, -C, by-meson]
      - [autoreconf, --install]
      - [./configure]
      - [make, configured]
    programs: { by-cmake/app: /cmade, by-meson/app: /mesoned, configured: /own }
image: { cmd: [/own] }
`,
    'sources/main.c': '#include <stdio.h>\nint main(void) { puts("Hello from mkbase!"); }\n',
    'sources/CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.20)\nproject(app C)\nadd_executable(app main.c)\n',
    'sources/meson.build': "project('app', 'c')\nexecutable('app', 'main.c')\n",
    'sources/configure.ac':
      'AC_INIT([app], [1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n',
    'sources/Makefile.am': 'bin_PROGRAMS = configured\nconfigured_SOURCES = main.c\n',
  };
  mkdirSync(join(folder, 'sources'), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
}

test('CMake, meson and configure compile for another platform, and the recipe does not say how', async () => {
  const folder = join(work, 'own-build');
  writeOwnBuild(folder);
  const tar = join(work, 'own-build.tar');
  const words = ['./own-build', '--platform', 'linux/arm64', '--engine', 'namespace', '--no-test'];
  const run = await mkbase([...words, '--output', `type=rootfs,dest=${tar}`], { cwd: work });
  expect(run).toMatchObject({ code: 0 });
  execFileSync('mkdir', ['-p', `${tar}.root`]);
  execFileSync('tar', ['-xf', tar, '-C', `${tar}.root`]);
  if (!runsAnywhere) return;
  for (const name of ['cmade', 'mesoned', 'own']) {
    expect(printed('linux/arm64', join(`${tar}.root`, name))).toBe(`${greeting}\n`);
  }
});

/** Tells whether the kernel hands programs of s390x to an emulator. */
const isRegistered = async () =>
  (await runCommand({ file: 'cat', args: ['/proc/sys/fs/binfmt_misc/qemu-s390x'] })).ok;

test('tests of an image pass where it runs under emulation, and are told as not run where it cannot', async () => {
  const words = ['hello', '--platform', 'linux/s390x', '--engine', 'namespace', '--json'];
  const run = await mkbase([...words, '--out', join(work, 'not-run')], { cwd: work });
  expect(run).toMatchObject({ code: 0 });
  const { tests, warnings } = JSON.parse(run.stdout) as { tests: object[]; warnings: object[] };
  const isRun = await isRegistered();
  const outcome = isRun ? { passed: true } : { passed: false, notRun: true };
  expect(tests).toEqual([expect.objectContaining(outcome)]);
  const told = expect.arrayContaining([expect.objectContaining({ code: 'tests-not-run' })]);
  expect(warnings).toEqual(isRun ? expect.not.arrayContaining([told]) : told);
});

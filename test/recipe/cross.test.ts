import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { platformNames } from '../../src/base/platform.ts';
import { listToolchains, loadBuilder, loadRecipe } from '../../src/kinds/kinds.ts';
import { namedFor } from '../../src/recipe/cross.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal } from '../support/recipe.ts';

const onAmd64 = (target: (typeof platformNames)[number]) =>
  ({ target, machine: 'linux/amd64' }) as const;

const builderOf = async (recipe: string, target: (typeof platformNames)[number]) =>
  loadBuilder(await loadRecipe(recipe, '/'), '/', onAmd64(target));

const foreign = platformNames.filter((name) => name !== 'linux/amd64');

describe('the names of a platform in the text of a toolchain', () => {
  test('stand for it between at signs', () => {
    const text = '@gnu@ @package@ @debian@ @multiarch@ @musl@ @platform@';
    expect(namedFor(text, 'linux/386')).toBe(
      'i686-linux-gnu i686-linux-gnu i386 i386-linux-gnu i386-linux-musl linux/386',
    );
    expect(namedFor('gcc-@package@, @gnu@-gcc', 'linux/amd64')).toBe(
      'gcc-x86-64-linux-gnu, x86_64-linux-gnu-gcc',
    );
    expect(namedFor('@musl@', 'linux/arm/v7')).toBe('arm-linux-musleabihf');
  });

  test('are left as they are where they are no such names', () => {
    expect(namedFor('a@b.example @none@ @constructor@', 'linux/386')).toBe(
      'a@b.example @none@ @constructor@',
    );
  });
});

describe('the builder of a program for another platform', () => {
  test.each(foreign)('runs on the machine and compiles for %s', async (target) => {
    const toolchain = await builderOf('hello', target);
    expect(toolchain?.platform).toBe('linux/amd64');
    expect(toolchain?.toolchain?.cc[0]).toBe(`${toolchain?.toolchain?.target}-gcc`);
    expect(JSON.stringify(toolchain)).not.toMatch(/@[a-z]+@/);
  });

  test('is the same toolchain as ever on the machine itself', async () => {
    const toolchain = await builderOf('hello', 'linux/amd64');
    expect(toolchain?.platform).toBeUndefined();
    expect(toolchain?.toolchain?.target).toBeUndefined();
  });

  test('has flags of its own for some platforms', async () => {
    const toolchain = await builderOf('hello', 'linux/arm/v6');
    expect(toolchain?.toolchain?.cc).toEqual(['arm-linux-gnueabi-gcc', '-march=armv6+fp', '-marm']);
  });

  test('says which platforms it has nothing for, and why', async () => {
    const error = await refusal(builderOf('hello-musl', 'linux/mips64le'));
    expect(error).toMatchObject({
      code: 'USAGE',
      message:
        "The toolchain gcc-musl does not compile for linux/mips64le: Debian's trixie has no musl for it.",
    });
  });

  test('is one of the platform itself for a build that runs what it compiles', async () => {
    const toolchain = await builderOf('busybox', 'linux/arm64');
    expect(toolchain?.platform).toBeUndefined();
  });

  test('is one of the platform itself where only the toolchain of one folder has another', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'toolchains'));
    const own = 'name: gcc-nolibc\nfrom: { debs: { packages: [gcc] } }\n';
    writeFileSync(join(folder, 'toolchains/gcc-nolibc.yaml'), own);
    writeFileSync(join(folder, 'main.c'), '');
    const text =
      'name: own\nepoch: 0\nfrom: { static: { toolchain: gcc-nolibc, sources: [main.c] } }\n';
    writeFileSync(join(folder, 'recipe.yaml'), text);
    const recipe = await loadRecipe('.', folder);
    const toolchain = await loadBuilder(recipe, folder, onAmd64('linux/arm64'));
    expect(toolchain?.origin.builtIn).toBe(false);
    expect(toolchain?.platform).toBeUndefined();
  });

  test('takes libraries of the platform, and tools of the machine', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'main.c'), '');
    const chosen = '{ extends: gcc-glibc, packages: [perl, zlib1g-dev] }';
    const text = `name: own\nepoch: 0\nfrom: { static: { toolchain: ${chosen}, sources: [main.c] } }\n`;
    writeFileSync(join(folder, 'recipe.yaml'), text);
    const recipe = await loadRecipe('.', folder);
    const toolchain = await loadBuilder(recipe, folder, onAmd64('linux/s390x'));
    expect(toolchain?.from).toMatchObject({
      debs: { packages: expect.arrayContaining(['perl']), data: ['zlib1g-dev:s390x'] },
    });
    expect(JSON.stringify(toolchain?.from)).not.toContain('"zlib1g-dev"');
  });

  test('is not listed beside the toolchains of its name', async () => {
    const names = (await listToolchains(new Date())).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('cross');
  });
});

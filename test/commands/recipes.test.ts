import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/base/canonical-json.ts';
import { list } from '../../src/commands/list.ts';
import { schema } from '../../src/commands/schema.ts';
import { show } from '../../src/commands/show.ts';
import { lockText } from '../../src/lock/lock-file.ts';
import { temporaryFolder } from '../support/folder.ts';
import { lockedDeb, lockedDebs, lockedToolchain, lockOf } from '../support/lock.ts';
import { writeTree } from '../support/recipe.ts';
import { createContext } from '../support/ui/context.ts';

describe('mkbase list', () => {
  test('shows recipes and toolchains with kind and description', async () => {
    const context = createContext();
    expect(await list({}, context)).toBe(0);
    const text = context.stdout.text();
    expect(text).toMatch(/^RECIPE +KIND +UNTIL +DESCRIPTION\n/);
    expect(text).toMatch(/^hello +static +The smallest image/m);
    expect(text).toMatch(/\n\nTOOLCHAIN +KIND +UNTIL +DESCRIPTION\n/);
    expect(text).toMatch(/^debian +debootstrap +2030-06-30 +Debian/m);
    expect(text).toMatch(/^ubuntu +debootstrap +20\d\d-\d\d-\d\d +Ubuntu/m);
    expect(text).toMatch(/^alpine-apk +apk +20\d\d-\d\d-\d\d +Alpine/m);
    expect(text).toMatch(/^alpine +minirootfs +Alpine/m);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('prints the same as one JSON object', async () => {
    const context = createContext();
    await list({ json: true }, context);
    const { recipes, toolchains } = JSON.parse(context.stdout.text());
    expect(recipes).toContainEqual(expect.objectContaining({ name: 'hello', kind: 'static' }));
    expect(toolchains).toContainEqual(expect.objectContaining({ name: 'gcc-musl', kind: 'debs' }));
  });

  test('prints bare names for shells to complete', async () => {
    const context = createContext();
    await list({ names: true }, context);
    expect(context.stdout.text().trimEnd().split('\n')).toContain('hello');
  });
});

describe('mkbase show', () => {
  test('shows a recipe with defaults filled in, its builder and its tag', async () => {
    const context = createContext();
    expect(await show('hello', {}, context)).toBe(0);
    const text = context.stdout.text();
    expect(text).toMatch(/^hello\nThe smallest image/);
    expect(text).toContain('builder  gcc-nolibc\n');
    expect(text).toContain('tag      mkbase/hello:latest\n');
    expect(text).toContain('    jobs: 2\n');
  });

  test('prints the same as one JSON object', async () => {
    const context = createContext();
    await show('distroless-static', { json: true, out: '/nonexistent' }, context);
    expect(JSON.parse(context.stdout.text())).toMatchObject({
      recipe: { name: 'distroless-static', from: { kind: 'debs' } },
      builtIn: true,
      toolchain: null,
      tag: 'mkbase/distroless-static:latest',
      outDir: '/nonexistent',
      lock: null,
      built: [],
    });
  });

  test('tells until when the release is supported, and since when it is not', async () => {
    const shown = async (recipe: string, at: string) => {
      const context = { ...createContext(), clock: () => Date.parse(at) };
      await show(recipe, {}, context);
      return context.stdout.text();
    };
    expect(await shown('debian:bookworm', '2026-11-20')).toContain(
      'release  Debian 12 (bookworm): regular support ended on 2026-07-11, long-term support until 2028-06-30\n',
    );
    expect(await shown('alpine:3.20', '2026-03-01')).toContain(
      'release  Alpine 3.20: support until 2026-04-01\n',
    );
    expect(await shown('hello', '2026-11-20')).not.toMatch(/^release/m);
  });

  test('shows the tag and the folder of a release that is asked for', async () => {
    const context = createContext();
    await show('alpine:3.20.3', { json: true }, context);
    expect(JSON.parse(context.stdout.text())).toMatchObject({
      recipe: { name: 'alpine', from: { minirootfs: { release: '3.20.3' } } },
      tag: 'mkbase/alpine:3.20.3',
      outDir: expect.stringMatching(/\/mkbase-out\/alpine-3\.20\.3$/),
    });
  });

  test('shows what a recipe adds to, and all of it as one recipe', async () => {
    const folder = temporaryFolder();
    await writeTree(folder, {
      'base.yaml': 'name: base\nextends: distroless-static\nimage: { env: { A: base } }\n',
      'recipe.yaml': 'name: top\nextends: base.yaml\nimage: { cmd: [/top] }\n',
    });
    const context = createContext();
    await show(folder, { json: true }, context);
    const shown = JSON.parse(context.stdout.text());
    expect(shown.extends).toEqual([
      join(folder, 'base.yaml'),
      expect.stringMatching(/\/recipes\/distroless-static\.yaml$/),
    ]);
    expect(shown.recipe).toMatchObject({
      from: { kind: 'debs' },
      image: { cmd: ['/top'], env: { A: 'base' } },
    });
    expect(JSON.stringify(shown.recipe)).not.toContain('beside');
    const readable = createContext();
    await show(folder, {}, readable);
    expect(readable.stdout.text()).toMatch(/^extends {2}\S+base\.yaml\n {9}\S+distroless-static/m);
  });

  test('counts the packages of what was built last, with those of its builder and without tools', async () => {
    const sha256 = '0'.repeat(64);
    const apk = (name: string) => ({
      ...{ name, version: '1.0-r0', arch: 'x86_64', origin: name, repository: 'v3.23/main' },
      ...{
        license: 'MIT',
        checksum: `Q1${'A'.repeat(27)}=`,
        filename: `v3.23/main/x86_64/${name}-1.0-r0.apk`,
      },
      ...{ size: 5, sha256 },
    });
    const index = {
      ...{ repository: 'v3.23/main', mirror: 'https://mirror.example/alpine', date: 5, sha256 },
      ...{ signedBy: 'a.rsa.pub', signature: 'rsa-sha1' },
    };
    const apks = {
      ...{ arch: 'x86_64', indexes: [index], wanted: ['busybox'], date: 5 },
      ...{ packages: ['busybox', 'musl'].map(apk), tools: [apk('apk-tools')] },
    };
    const folder = temporaryFolder();
    const toolchain = lockedToolchain('rootfs', lockedDebs(lockedDeb('dash')));
    const lock = lockOf('apk', apks, { recipe: 'alpine-apk', toolchain, request: digestOf({}) });
    await writeTree(folder, { 'lock.json': lockText(lock) });
    const context = createContext();
    await show('alpine-apk', { json: true, out: folder }, context);
    expect(JSON.parse(context.stdout.text()).lock).toMatchObject({ packages: 3 });
  });

  test('refuses a recipe that there is not', async () => {
    await expect(show('helo', {}, createContext())).rejects.toMatchObject({
      code: 'RECIPE_NOT_FOUND',
    });
  });
});

test.each(['recipe', 'toolchain'] as const)('mkbase schema prints that of a %s', async (kind) => {
  const context = createContext();
  expect(await schema(kind, context)).toBe(0);
  expect(JSON.parse(context.stdout.text())).toHaveProperty('$schema');
});

import { expect, test } from 'vitest';
import { chosenToolchain, kindOf, loadBuilder, loadRecipe } from '../../src/kinds/kinds.ts';
import { sourceOf } from '../../src/recipe/kind.ts';
import { temporaryFolder } from '../support/folder.ts';
import { refusal, writeTree } from '../support/recipe.ts';

const program = 'from: { static: { toolchain: gcc-musl, sources: [main.c] } }\n';

/** Loads `recipe.yaml`, of these lines, from a folder with a source and these other files. */
async function load(lines: string, files: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  await writeTree(folder, { 'main.c': '', 'recipe.yaml': `name: mine\n${lines}`, ...files });
  return { folder, recipe: await loadRecipe('.', folder) };
}

test('a program and the base that it is laid over are one recipe', async () => {
  const { recipe, folder } = await load(
    `extends: distroless-static\n${program}packages: [tzdata-legacy]\nimage: { cmd: [/mine] }\n`,
  );
  expect(recipe.from).toMatchObject({
    kind: 'stack',
    stack: {
      base: {
        kind: 'debs',
        debs: { packages: expect.arrayContaining(['tzdata', 'tzdata-legacy']) },
      },
      top: { kind: 'static', static: { toolchain: 'gcc-musl', sources: ['main.c'] } },
    },
  });
  expect(recipe.fromOrigin.folder).toBe(folder);
  expect(recipe.image).toMatchObject({ user: '65532:65532', cmd: ['/mine'] });
  expect(recipe.files.map(({ path }) => path)).toContain('/etc/ssl/certs/ca-certificates.crt');
  expect(chosenToolchain(recipe)).toEqual({ name: 'gcc-musl', tools: [] });
  const programs = kindOf(recipe.from).programs?.(sourceOf(recipe.from), 'mine');
  expect([...(programs ?? [])]).toEqual([['/mine', 0o755]]);
});

test.each([
  ['debian-slim', 'gcc-musl', ['debootstrap', 'apt', 'dpkg', 'perl-base', 'mount']],
  ['alpine', 'gcc-musl', []],
  ['alpine-apk', 'gcc-musl', []],
] as const)(
  'on %s it is built with %s, with what making the base takes',
  async (base, name, tools) => {
    const { recipe, folder } = await load(`extends: ${base}\n${program}`);
    // The steps of a base run on the image's own platform, and so does a compiler that is in their builder.
    const onTarget = tools.length > 0 ? { onTarget: true } : {};
    expect(chosenToolchain(recipe)).toEqual({ name, tools, ...onTarget });
    const toolchain = await loadBuilder(recipe, folder);
    expect(toolchain?.from).toMatchObject({
      debs: { packages: expect.arrayContaining([...tools]) },
    });
  },
);

test('packages that the program needs and those that the base needs are in one toolchain', async () => {
  const more =
    'from: { static: { toolchain: { extends: gcc-musl, packages: [perl] }, sources: [main.c] } }\n';
  const { recipe } = await load(`extends: debian\n${more}`);
  expect(chosenToolchain(recipe)?.tools).toEqual(expect.arrayContaining(['perl', 'debootstrap']));
});

test('the release of the base is chosen with its name', async () => {
  const { recipe } = await load(`extends: "debian:bookworm"\n${program}`);
  expect(recipe.from).toMatchObject({ stack: { base: { debootstrap: { suite: 'bookworm' } } } });
  const release = kindOf(recipe.from).release?.(sourceOf(recipe.from));
  expect(release?.current).toBe('bookworm');
  expect(release?.with('trixie')).toMatchObject({ base: { debootstrap: { suite: 'trixie' } } });
});

test('a recipe that extends it inherits the program by the name that it has there', async () => {
  const { recipe } = await load('extends: ./lower/recipe.yaml\n', {
    'lower/recipe.yaml': `name: lower\nextends: distroless-static\n${program}`,
    'lower/main.c': '',
  });
  expect(recipe.from).toMatchObject({
    stack: { top: { static: { programs: { lower: '/lower' } } } },
  });
  expect(recipe.fromOrigin.folder).toMatch(/\/lower$/);
  expect(recipe.ancestors).toHaveLength(2);
});

const keyed = {
  'base/base.yaml': 'name: base\nfrom: { debs: { packages: [libc6], keyrings: [k.asc] } }\n',
  'base/k.asc': 'key',
};

test.each([
  ['a program', 'extends: hello-musl', {}, '"hello-musl" brings a program of its own'],
  [
    'a program on a base',
    'extends: ./lower.yaml',
    { 'lower.yaml': `name: lower\nextends: distroless-static\n${program}` },
    '"lower" brings a program of its own',
  ],
  [
    'a base with a key in another folder',
    'extends: ./base/base.yaml',
    keyed,
    '"base" names "k.asc"',
  ],
  ['a base that is not there', 'extends: distroless-statik', {}, 'distroless-statik'],
])('%s as the base is refused at its line', async (_, line, files, problem) => {
  const refused = await refusal(load(`${line}\n${program}`, files));
  expect(refused.code).toBe('RECIPE_INVALID');
  expect(refused.message).toContain('recipe.yaml:2:10: ');
  expect(refused.message).toContain(problem);
});

test('a base with a key beside both recipes is taken', async () => {
  const { recipe } = await load(`extends: ./base.yaml\n${program}`, {
    'base.yaml': keyed['base/base.yaml'],
    'k.asc': 'key',
  });
  expect(recipe.from.kind).toBe('stack');
});

test.each([
  ['packages', 'from: { debs: { packages: [bash] } }'],
  ['an archive', 'epoch: 0\nfrom: { minirootfs: { distro: alpine, release: "3.20" } }'],
])('%s cannot be laid over a base', async (_, from) => {
  const refused = await refusal(load(`extends: distroless-static\n${from}\n`));
  expect(refused.message).toContain('expected only one of "from" and "extends"');
  expect(refused.message).toContain('only static can be laid over another recipe');
});

test('the kind that lays one tree over another cannot be named', async () => {
  const refused = await refusal(load('from: { stack: { below: 1 } }\n'));
  expect(refused.message).toContain('recipe.yaml:2:9: unknown field "stack"');
});

test("a package's name that the base cannot take is refused at its line", async () => {
  const refused = await refusal(
    load(`extends: distroless-static\n${program}packages: ["zip=3.0"]\n`),
  );
  expect(refused.message).toContain('recipe.yaml:4:12: ');
  const archive = {
    'base.yaml': `name: base\nepoch: 0\nfrom: { minirootfs: { url: "https://example.org/a.tar", sha256: ${'a'.repeat(64)} } }\n`,
  };
  const none = await refusal(load(`extends: ./base.yaml\n${program}packages: [zip]\n`, archive));
  expect(none.message).toContain('packages cannot be added to an archive');
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planSet } from '../../../src/pipeline/image-set/plan-set.ts';
import type { BuildRequest } from '../../../src/pipeline/request.ts';
import { temporaryFolder } from '../../support/folder.ts';

const request: BuildRequest = {
  recipe: 'distroless-static',
  engine: 'auto',
  outputs: [],
  tags: [],
  offline: false,
  noCache: false,
  noTest: false,
};

test('each platform is built into a folder of its own, and all come under one index', async () => {
  const plan = await planSet(request, ['linux/arm64', 'linux/amd64'], '/home/me');
  expect(plan).toMatchObject({
    recipe: 'distroless-static',
    outDir: '/home/me/mkbase-out/distroless-static-index',
    outputs: [{ type: 'oci' }],
    tags: ['mkbase/distroless-static:latest'],
  });
  expect(plan.builds.map(({ request: each }) => [each.platform, each.out, each.outputs])).toEqual([
    ['linux/amd64', '/home/me/mkbase-out/distroless-static-index/linux-amd64', [{ type: 'oci' }]],
    ['linux/arm64', '/home/me/mkbase-out/distroless-static-index/linux-arm64', [{ type: 'oci' }]],
  ]);
});

test('a rootfs is written for each platform, beside the index of all', async () => {
  const outputs = [{ type: 'rootfs' }, { type: 'oci', dest: '/x/' }];
  const plan = await planSet({ ...request, outputs, out: 'o' }, ['linux/amd64'], '/home/me');
  expect(plan.outputs).toEqual([{ type: 'oci', dest: '/x/' }]);
  expect(plan.builds.map(({ request: each }) => each.outputs)).toEqual([
    [{ type: 'oci' }, { type: 'rootfs' }],
  ]);
  expect(plan.outDir).toBe('/home/me/o');
});

test.each([
  [{ type: 'import' }, '--output type=import holds the image of one platform'],
  [{ type: 'docker' }, '--output type=docker holds the image of one platform'],
  [{ type: 'rootfs', dest: '/r.tar' }, 'each of the platforms would write there'],
])('an output that cannot hold several platforms is refused: %j', async (output, message) => {
  const planned = planSet({ ...request, outputs: [output] }, ['linux/amd64'], '/home/me');
  await expect(planned).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(message),
  });
});

test('all is what the recipe allows, and a platform beyond that is refused', async () => {
  const folder = join(temporaryFolder(), 'own');
  mkdirSync(folder);
  const recipe = 'name: own\nplatforms: [linux/arm64]\nfrom:\n  debs:\n    packages: [tzdata]\n';
  writeFileSync(join(folder, 'recipe.yaml'), recipe);
  const own = { ...request, recipe: folder };
  const platformsOf = async (asked: Parameters<typeof planSet>[1], of = own) =>
    (await planSet(of, asked, '/home/me')).builds.map(({ platform }) => platform);
  expect(await platformsOf('all')).toEqual(['linux/arm64']);
  expect(await platformsOf('all', request)).toEqual([
    ...['linux/amd64', 'linux/arm64', 'linux/386', 'linux/arm/v5', 'linux/arm/v6', 'linux/arm/v7'],
    ...['linux/ppc64le', 'linux/riscv64', 'linux/s390x'],
  ]);
  const musl = { ...request, recipe: 'hello-musl' };
  const ofMusl = await platformsOf('all', musl);
  expect(ofMusl).toContain('linux/s390x');
  for (const lacking of ['linux/mips64le', 'linux/loong64']) expect(ofMusl).not.toContain(lacking);
  await expect(platformsOf(['linux/amd64', 'linux/arm64'])).rejects.toMatchObject({
    code: 'USAGE',
    message: 'Recipe own works on linux/arm64, not on linux/amd64.',
  });
});

test('the archive of each platform has the form of the outputs that hold them all', async () => {
  const outputs = [{ type: 'oci', compression: 'gzip' as const }, { type: 'rootfs' }];
  const plan = await planSet({ ...request, outputs }, ['linux/amd64'], '/home/me');
  expect(plan.compression).toBe('gzip');
  expect(plan.builds[0]?.request.outputs).toEqual([
    { type: 'oci', compression: 'gzip' },
    { type: 'rootfs' },
  ]);
  const two = [...outputs, { type: 'registry', ref: 'r.example/a:1' }];
  const planning = planSet({ ...request, outputs: two }, ['linux/amd64'], '/home/me');
  await expect(planning).rejects.toMatchObject({ code: 'USAGE' });
});

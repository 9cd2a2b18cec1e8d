import { expect, test } from 'vitest';
import { buildRequest } from '../../../src/commands/build-request.ts';
import { outputOf } from '../../../src/outputs/outputs.ts';
import { quietIo } from '../../support/image.ts';
import { registryOf } from '../../support/registry/open.ts';
import { buildSample, ownEnvironment, push } from '../../support/registry/pushed.ts';

const options = { engine: 'auto', progress: 'plain' } as const;
const outputs = async (more: object) =>
  (await buildRequest('hello', { ...options, ...more }, '/home/me')).outputs;

test('--push pushes under each tag, and goes nowhere else', async () => {
  expect(await outputs({ push: true, tag: ['r.example/a:1', 'me/b'] })).toEqual([
    { type: 'registry', ref: 'r.example/a:1' },
    { type: 'registry', ref: 'me/b:latest' },
  ]);
});

test('--push comes after what --output asks for', async () => {
  const asked = await outputs({
    push: true,
    tag: ['r.example/a:1'],
    output: ['type=oci,dest=x.tar'],
  });
  expect(asked.map(({ type }) => type)).toEqual(['oci', 'registry']);
});

test('--no-attach and --insecure-registry are for pushes, however they are asked for', async () => {
  const more = {
    ...{ push: true, tag: ['r.example:5000/a:1'], attach: false },
    insecureRegistry: ['r.example:5000'],
    output: ['type=registry,ref=other.example/b:2', 'type=oci,dest=x.tar'],
  };
  expect(await outputs(more)).toEqual([
    { type: 'registry', ref: 'other.example/b:2', bare: true },
    { type: 'oci', dest: '/home/me/x.tar' },
    { type: 'registry', ref: 'r.example:5000/a:1', bare: true, insecure: true },
  ]);
});

test('insecure=true is for the one push', async () => {
  expect(await outputs({ output: ['type=registry,ref=r.example/b:2,insecure=true'] })).toEqual([
    { type: 'registry', ref: 'r.example/b:2', insecure: true },
  ]);
});

test.each([
  [{ push: true, tag: ['r.example/a'], offline: true }, '--offline opens no connection'],
  [{ push: true }, '--push pushes an image under its tags'],
  [{ attach: false, output: ['type=oci'] }, 'nothing is pushed'],
  [{ output: ['type=registry'] }, 'names no ref'],
  [{ output: ['type=registry,ref=r.example/a:1,dest=x'] }, 'takes no dest'],
  [{ output: ['type=registry,ref=r.example/a@sha256:00'] }, 'a digest is computed'],
  [{ output: ['type=registry,ref=r.example/a,insecure=yes'] }, 'insecure is true or false'],
  [{ output: ['type=oci,ref=r.example/a'] }, 'only registry has a ref'],
])('is refused: %j', async (more, why) => {
  await expect(outputs(more)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(why),
  });
});

test('a push is current while the registry holds the image, and not when it does not answer', async () => {
  const registry = await registryOf();
  const built = await buildSample();
  await push(built, `${registry.domain}/team/app:v1`);
  const { digest } = built.image.manifest;
  const placed = { type: 'registry', dest: `${registry.domain}/team/app:v1@${digest}` };
  const earlier = {
    isUnchanged: async () => true,
    isStored: async () => true,
    env: ownEnvironment(),
    io: quietIo(),
  };
  const isCurrent = () => outputOf(placed).isCurrent(placed, earlier);
  expect(await isCurrent()).toBe(true);
  registry.manifests.delete(`team/app ${digest}`);
  expect(await isCurrent()).toBe(false);
  const nowhere = { type: 'registry', dest: `127.0.0.1:1/team/app:v1@${digest}` };
  expect(await outputOf(nowhere).isCurrent(nowhere, earlier)).toBe(false);
});

test('a push that fails leaves the tag where it was', async () => {
  const registry = await registryOf();
  const [first, second] = [await buildSample(), await buildSample({ image: { env: { A: 'b' } } })];
  const ref = `${registry.domain}/team/app:v1`;
  await push(first, ref);
  registry.faults.cutUploads = 1000;
  await expect(push(second, ref)).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
  expect(registry.tags.get('team/app:v1')).toBe(first.image.manifest.digest);
  registry.faults.cutUploads = 0;
  await push(second, ref);
  expect(registry.tags.get('team/app:v1')).toBe(second.image.manifest.digest);
});

import { expect, test } from 'vitest';
import { getManifest, putManifest } from '../../src/registry/manifests.ts';
import { pushShipment } from '../../src/registry/push.ts';
import { openRepository } from '../../src/registry/session.ts';
import { serve } from '../support/http-server.ts';
import { quietIo } from '../support/image.ts';
import {
  dockerConfig,
  openIn,
  quickLimits,
  registryOf,
  sampleImage,
} from '../support/registry/open.ts';

const io = quietIo();
const image = sampleImage();

test('plain http is for this machine and for registries that are named', async () => {
  const registry = await registryOf();
  // The registry answers for any host, as a proxy for http; it makes no tunnels for https.
  const env = () => ({
    ...dockerConfig(),
    http_proxy: registry.server.url,
    https_proxy: registry.server.url,
  });
  const where = { domain: 'registry.example', path: 'team/app' };
  await expect(
    openRepository(where, { env: env(), limits: quickLimits }, io),
  ).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
  });
  expect(registry.asked()).toEqual([]);

  const options = { env: env(), insecure: ['registry.example'], limits: quickLimits };
  const repository = await openRepository(where, options, io);
  await pushShipment(repository, image, {}, io);
  await putManifest(repository, image.manifest, 'v1', io);
  expect((await getManifest(repository, { tag: 'v1' }, io))?.digest).toBe(image.manifest.digest);
  expect(registry.asked()[0]).toBe('GET http://registry.example/v2/');
});

test('what is no registry is told as such', async () => {
  const web = await serve(new Map([['/', Buffer.from('<html>')]]));
  const domain = new URL(web.url).host;
  await expect(openIn({ domain })).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining(`There is no registry at http://${domain}/v2/`),
  });
  await web.close();
});

test('a registry that is not there is told, and one that is there later is asked again', async () => {
  const env = dockerConfig();
  await expect(openIn({ domain: '127.0.0.1:1' }, 'a', env)).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('the connection was refused'),
  });
  const registry = await registryOf();
  expect(await openIn(registry, 'a', env)).toMatchObject({ path: 'a' });
});

test('no registry is asked where no connection may be opened', async () => {
  const registry = await registryOf();
  const where = { domain: registry.domain, path: 'a' };
  const opening = openRepository(where, { env: dockerConfig(), offline: true }, io);
  await expect(opening).rejects.toMatchObject({ code: 'OFFLINE' });
  expect(registry.asked()).toEqual([]);
});

test('a registry is asked for its base once, however often it is opened', async () => {
  const registry = await registryOf();
  const env = dockerConfig();
  for (const path of ['a', 'b', 'c']) await openIn(registry, path, env);
  expect(registry.asked()).toEqual(['GET /v2/']);
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { getManifest } from '../../../src/registry/manifests.ts';
import { pushShipment, tagManifest } from '../../../src/registry/push.ts';
import type { Environment } from '../../../src/store/transfer/agent.ts';
import { quietIo } from '../../support/image.ts';
import {
  dockerConfig,
  loggedIn,
  openIn,
  registryOf,
  sampleImage,
  withHelper,
} from '../../support/registry/open.ts';
import type { TestRegistry } from '../../support/registry/registry.ts';

const io = quietIo();
const image = sampleImage();
const basic = { kind: 'basic', user: 'me', password: 'pw:with:colons' } as const;
const token = { kind: 'token', user: 'me', password: 'pw' } as const;

async function push(registry: TestRegistry, env: Environment, path = 'team/app') {
  const repository = await openIn(registry, path, env);
  await pushShipment(repository, image, {}, io);
  await tagManifest(repository, image.manifest, 'v1', io);
}

test('a password of `auths` is sent as Basic', async () => {
  const registry = await registryOf({}, basic);
  await push(registry, dockerConfig(loggedIn(registry.domain, 'me', 'pw:with:colons')));
  expect(registry.tags.size).toBe(1);
});

test.each(['https://%/', 'http://%', '%/v2/', 'https://%/v1/'])(
  'credentials under the key %s are found',
  async (key) => {
    const registry = await registryOf({}, basic);
    const name = key.replace('%', registry.domain);
    await push(registry, dockerConfig(loggedIn(name, 'me', 'pw:with:colons')));
    expect(registry.tags.size).toBe(1);
  },
);

test('a token is asked for with the scope of each repository, two for a mount', async () => {
  const registry = await registryOf({}, token);
  const env = dockerConfig(loggedIn(registry.domain, 'me', 'pw'));
  await push(registry, env);
  const other = await openIn(registry, 'team/copy', env);
  await pushShipment(other, image, { from: { domain: registry.domain, path: 'team/app' } }, io);
  const scopes = registry.server.requests
    .filter(({ url }) => url.startsWith('/token'))
    .map(({ url }) => new URL(url, 'http://any').searchParams.getAll('scope'));
  expect(scopes).toContainEqual(['repository:team/app:pull,push']);
  expect(scopes).toContainEqual(['repository:team/copy:pull,push', 'repository:team/app:pull']);
  // One token serves all requests of a scope.
  expect(scopes.length).toBeLessThan(6);
});

test('an identity token is exchanged for tokens', async () => {
  const registry = await registryOf({}, { ...token, refresh: 'refresh-me' });
  const auths = { [registry.domain]: { identitytoken: 'refresh-me' } };
  await push(registry, dockerConfig({ auths }));
  expect(registry.tags.size).toBe(1);
});

test('a helper for the registry is asked before the one for all and before the file', async () => {
  const registry = await registryOf({}, token);
  const config = {
    ...loggedIn(registry.domain, 'nobody', 'wrong'),
    credHelpers: { [registry.domain]: 'right' },
    credsStore: 'wrong',
  };
  const script = `read host; [ "$1 $host" = "get ${registry.domain}" ] || exit 1
    echo '{"ServerURL":"x","Username":"me","Secret":"pw"}'`;
  await push(registry, withHelper(dockerConfig(config), 'right', script));
  expect(registry.tags.size).toBe(1);
});

test('a helper that has nothing leaves it to the file', async () => {
  const registry = await registryOf({}, token);
  const config = { ...loggedIn(registry.domain, 'me', 'pw'), credsStore: 'empty' };
  const script = 'echo "credentials not found in native keychain"; exit 1';
  await push(registry, withHelper(dockerConfig(config), 'empty', script));
  expect(registry.tags.size).toBe(1);
});

test.each([
  ['that fails', 'echo "the keychain is locked" >&2; exit 1', 'the keychain is locked'],
  ['that answers nonsense', 'echo nonsense', 'its answer is no JSON'],
])('a helper %s is named with what it said, and nothing is tagged', async (_, script, why) => {
  const registry = await registryOf({}, basic);
  const env = withHelper(dockerConfig({ credsStore: 'broken' }), 'broken', script);
  await expect(push(registry, env)).rejects.toMatchObject({
    code: 'REGISTRY_DENIED',
    message: expect.stringContaining(why),
    hint: expect.stringContaining('docker-credential-broken get'),
  });
  expect(registry.tags.size).toBe(0);
});

test('a helper that is not installed is named', async () => {
  const registry = await registryOf({}, basic);
  await expect(push(registry, dockerConfig({ credsStore: 'none' }))).rejects.toMatchObject({
    code: 'REGISTRY_DENIED',
    message: expect.stringContaining('docker-credential-none'),
  });
});

test.each([
  ['basic', basic],
  ['token', token],
] as const)('no credentials, and wrong ones, are told with their place (%s)', async (_, access) => {
  const registry = await registryOf({}, access);
  const none = dockerConfig();
  await expect(push(registry, none)).rejects.toMatchObject({
    code: 'REGISTRY_DENIED',
    message: expect.stringContaining(join(none.DOCKER_CONFIG ?? '', 'config.json')),
    hint: expect.stringContaining(`docker login ${registry.domain}`),
  });
  const wrong = dockerConfig(loggedIn(registry.domain, 'me', 'another'));
  await expect(push(registry, wrong)).rejects.toMatchObject({
    code: 'REGISTRY_DENIED',
    message: expect.not.stringContaining('another'),
  });
  expect(registry.tags.size).toBe(0);
});

test.each(['{', '[]', '{"auths":{"%":{"auth":"bm9jb2xvbg=="}}}'])(
  'a configuration that cannot be read is named: %s',
  async (text) => {
    const registry = await registryOf({}, basic);
    await expect(
      push(registry, dockerConfig(text.replace('%', registry.domain))),
    ).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
      message: expect.stringContaining('config.json'),
    });
  },
);

test.each([
  ['basic', basic],
  ['token', token],
] as const)(
  'a registry that always answers 401 is asked twice and no more (%s)',
  async (_, access) => {
    const registry = await registryOf({ loop401: true }, access);
    const env = dockerConfig(loggedIn(registry.domain, 'me', access.password));
    const repository = await openIn(registry, 'team/app', env);
    const before = registry.asked().length;
    await expect(getManifest(repository, { tag: 'v1' }, io)).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
    });
    const asked = registry.asked().slice(before);
    expect(asked.filter((each) => each.includes('/manifests/'))).toHaveLength(2);
  },
);

test('a token server that is no URL gets no credentials', async () => {
  const registry = await registryOf({}, { ...token, realm: 'nowhere' });
  const env = dockerConfig(loggedIn(registry.domain, 'me', 'pw'));
  await expect(push(registry, env)).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('which is no URL'),
  });
});

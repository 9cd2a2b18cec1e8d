import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localEndpoint } from '../../../../src/engines/container/socket/endpoint.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const standard = { socket: '/var/run/docker.sock', context: 'default' };

/** Makes a home whose docker knows the context `other` at `host`, with this config.json. */
function home(config: string | undefined, host = 'unix:///run/other.sock'): string {
  const folder = temporaryFolder();
  const docker = join(folder, '.docker');
  const meta = join(docker, 'contexts/meta', createHash('sha256').update('other').digest('hex'));
  mkdirSync(meta, { recursive: true });
  const described = { Name: 'other', Endpoints: { docker: { Host: host } } };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify(described));
  if (config !== undefined) writeFileSync(join(docker, 'config.json'), config);
  return folder;
}

const other = { socket: '/run/other.sock', context: 'other' };

test.each([
  ['without a config', undefined, {}, standard],
  ['with a config that names no context', '{}', {}, standard],
  ['of the context in the config', '{"currentContext":"other"}', {}, other],
  ['of the context in DOCKER_CONTEXT', '{}', { DOCKER_CONTEXT: 'other' }, other],
  [
    'of DOCKER_HOST, whatever context is chosen',
    '{"currentContext":"other"}',
    { DOCKER_HOST: 'unix:///run/mine.sock' },
    { socket: '/run/mine.sock', context: 'default' },
  ],
  [
    'of the default context, though the config names another',
    '{"currentContext":"other"}',
    { DOCKER_CONTEXT: 'default' },
    standard,
  ],
])('the socket is the one %s', async (_, config, env, expected) => {
  expect(await localEndpoint({ HOME: home(config), ...env })).toEqual(expected);
});

test.each([
  ['a host that is not here', '{}', { DOCKER_HOST: 'ssh://build@example.org' }],
  ['a host by TCP', '{}', { DOCKER_HOST: 'tcp://127.0.0.1:2375' }],
  ['a path that is not absolute', '{}', { DOCKER_HOST: 'unix://docker.sock' }],
  ['TLS', '{}', { DOCKER_TLS_VERIFY: '1' }],
  ['headers of the user’s own', '{"HttpHeaders":{"X-Who":"me"}}', {}],
  ['a config that cannot be read', '{', {}],
  ['a config that is none', 'null', {}],
  ['a context whose name is none', '{"currentContext":7}', {}],
  ['a context that is not there', '{}', { DOCKER_CONTEXT: 'gone' }],
])('the CLI is asked with %s', async (_, config, env) => {
  expect(await localEndpoint({ HOME: home(config), ...env })).toBeUndefined();
});

test('the CLI is asked for a context whose host is not here, and where there is no home', async () => {
  const HOME = home('{"currentContext":"other"}', 'ssh://build@example.org');
  expect(await localEndpoint({ HOME })).toBeUndefined();
  expect(await localEndpoint({})).toBeUndefined();
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Io } from '../../../src/base/events.ts';
import { type Environment, lazyAgent } from '../../../src/store/transfer/agent.ts';
import {
  type FetchOptions,
  fetchBytes as fetchOver,
} from '../../../src/store/transfer/fetch-unpinned.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { Faults } from '../../support/http-server.ts';
import { patternBytes, quickLimits, recordingIo, serving } from '../../support/store.ts';

const bytes = patternBytes(50_000);
const options = { maxBytes: 100_000 };
const { io } = recordingIo();

const fetching = (env: Environment) => {
  const network = { limits: quickLimits, agent: lazyAgent(env) };
  return (url: string, options: FetchOptions, io: Io) => fetchOver(url, options, network, io);
};

const fetchBytes = fetching({});

async function setUp(faults: Faults = {}) {
  const server = await serving(new Map([['/InRelease', bytes]]), faults);
  return { server, url: `${server.url}/InRelease` };
}

test('a small file comes whole', async () => {
  const { url } = await setUp();
  expect(bytes.equals(await fetchBytes(url, options, io))).toBe(true);
});

test('a small file is resumed after a cut only if it is known to be the same', async () => {
  const same = await setUp({ cutAfter: 1000, cuts: 1 });
  expect(bytes.equals(await fetchBytes(same.url, options, io))).toBe(true);
  expect(same.server.requests[1]?.headers).toMatchObject({ range: 'bytes=1000-' });
  const unknown = await setUp({ cutAfter: 1000, cuts: 1, noTag: true });
  expect(bytes.equals(await fetchBytes(unknown.url, options, io))).toBe(true);
  expect(unknown.server.requests[1]?.headers.range).toBeUndefined();
});

test('a file that is larger than it may be is refused', async () => {
  for (const faults of [{}, { endless: true }]) {
    const { url } = await setUp(faults);
    await expect(fetchBytes(url, { maxBytes: 10_000 }, io)).rejects.toMatchObject({
      code: 'SOURCE_CORRUPT',
      message: expect.stringContaining('larger than the 10000 bytes'),
    });
  }
});

test('a file that is not there says so, with its status for callers that know another name', async () => {
  const { server } = await setUp();
  await expect(fetchBytes(`${server.url}/gone`, options, io)).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: `Could not fetch ${server.url}/gone: the server answers 404 (not there).`,
    hint: expect.stringMatching(/^Check what the recipe names .*--mirror(?!.*update)/),
    cause: { status: 404 },
  });
});

test('offline, a file URL is read and any other refused', async () => {
  const { url, server } = await setUp();
  const path = join(temporaryFolder(), 'InRelease');
  await writeFile(path, bytes);
  const offline = { ...options, offline: true };
  const local = await fetchBytes(pathToFileURL(path).href, offline, io);
  expect(bytes.equals(local)).toBe(true);
  await expect(fetchBytes(url, offline, io)).rejects.toMatchObject({
    code: 'OFFLINE',
    message: expect.stringContaining(url),
  });
  expect(server.requests).toHaveLength(0);
});

test('an interrupted fetch ends at once', async () => {
  const { url } = await setUp({ stall: true });
  const controller = new AbortController();
  const running = fetchBytes(url, options, recordingIo(controller.signal).io);
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('a proxy in the environment is asked for http URLs with GET, and no_proxy is kept', async () => {
  const asked: string[] = [];
  const proxy = await serving((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    response.end('from the proxy');
  });
  const env = { http_proxy: proxy.url.replace('//', '//user:secret@'), no_proxy: '127.0.0.1' };
  const fetchBytes = fetching(env);
  const there = await fetchBytes('http://mirror.example/InRelease', options, io);
  expect(Buffer.from(there).toString()).toBe('from the proxy');
  expect(asked).toEqual([
    `GET http://mirror.example/InRelease Basic ${Buffer.from('user:secret').toString('base64')}`,
  ]);
  const { url } = await setUp();
  expect(bytes.equals(await fetchBytes(url, options, io))).toBe(true);
  expect(asked).toHaveLength(1);
});

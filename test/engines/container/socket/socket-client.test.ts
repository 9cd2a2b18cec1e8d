import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { MkbaseError } from '../../../../src/base/errors.ts';
import { socketClient } from '../../../../src/engines/container/socket/socket-client.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { recordingIo } from '../../../support/store.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Starts a daemon that answers as told, and returns the client of its socket and what it was asked. */
async function daemon(answer: Answer) {
  const socket = join(temporaryFolder(), 'docker.sock');
  const asked: string[] = [];
  const raw: string[] = [];
  server = createServer((request, response) => {
    raw.push(request.url ?? '');
    asked.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server!.listen(socket, resolve));
  return { client: socketClient({ socket, version: '1.41' }), asked, raw };
}

const says =
  (status: number, body: object | string): Answer =>
  (_, response) => {
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const { io } = recordingIo();

async function* tarOf(...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

test('an image is described as the CLI describes it', async () => {
  const layer = `sha256:${'1'.repeat(64)}`;
  const { client, asked } = await daemon(
    says(200, {
      ...{ Id: 'sha256:abc', RepoTags: ['mkbase/hello:latest'], Comment: 'an import' },
      ...{ RootFS: { Layers: [layer] }, Config: { Labels: { a: 'b' } } },
    }),
  );
  expect(await client.inspectImage('mkbase/hello:latest', io)).toMatchObject({
    ...{ id: 'sha256:abc', diffIds: [layer], labels: { a: 'b' }, comment: 'an import' },
    tags: ['mkbase/hello:latest'],
  });
  expect(asked).toEqual(['GET /v1.41/images/mkbase/hello:latest/json']);
});

test('what is not there is no error where nothing has to be there', async () => {
  const { client } = await daemon(says(404, { message: 'No such image: x' }));
  expect(await client.inspectImage('x', io)).toBeUndefined();
  expect(await client.inspectImages(['x', 'y'], io)).toEqual([]);
  expect(await client.removeImage('x', {}, io)).toBe(false);
  expect(await client.removeContainer('x', io)).toBe(false);
  await client.untagImage('x:1', io);
  await expect(client.tagImage('x', 'y:1', io)).rejects.toThrow(
    'docker failed tagging y:1: No such image: x',
  );
});

test('a name with characters of a query stays a name', async () => {
  const { client, raw } = await daemon(says(404, {}));
  await client.removeImage('a/b:1?force=1#x', {}, io);
  expect(raw).toEqual(['/v1.41/images/a/b%3A1%3Fforce%3D1%23x']);
});

test('an import sends the tar and its settings, and resolves to the id', async () => {
  let sent = '';
  const { client, asked } = await daemon(async (request, response) => {
    sent = (await buffer(request)).toString();
    response.end(`{"status":"Importing"}\n{"status":"sha256:abc"}\n`);
  });
  const settings = {
    ...{ changes: ['CMD ["/a"]', 'ENV A=1'], message: 'm' },
    platform: 'linux/arm64' as const,
  };
  expect(await client.importImage(tarOf('a', 'b'), settings, io)).toBe('sha256:abc');
  expect(sent).toBe('ab');
  expect(asked).toEqual([
    'POST /v1.41/images/create?fromSrc=-&message=m&changes=CMD+["/a"]&changes=ENV+A=1&platform=linux/arm64',
  ]);
});

test.each([
  ['by its status', says(500, { message: 'write /x: no space left on device' })],
  ['in the stream', says(200, '{"status":"x"}\n{"error":"write /x: no space left on device"}\n')],
])('an import that fails %s says why, and a full disk is one', async (_, answer) => {
  const { client } = await daemon((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response));
  });
  const failing = client.importImage(tarOf('a'), { changes: [], message: '' }, io);
  await expect(failing).rejects.toMatchObject({
    code: 'NO_SPACE',
    message: 'docker failed importing an image: write /x: no space left on device',
  });
});

test('a daemon that answers and hangs up, at whatever moment of a tar, is heard', async () => {
  const { client } = await daemon((request, response) => {
    response.writeHead(400, { Connection: 'close' });
    response.end('{"message":"STOPSIGNAL is not a valid change command"}', () =>
      request.socket.destroy(),
    );
  });
  for (let turns = 0; turns < 60; turns++) {
    const slow = (async function* () {
      yield Buffer.from('a');
      for (let turn = 0; turn < turns % 30; turn++) await new Promise(setImmediate);
      yield Buffer.from('b');
      yield Buffer.from('c');
    })();
    const failing = client.importImage(slow, { changes: [], message: '' }, io);
    await expect(failing).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  }
});

test('a daemon that refuses in the middle of a tar is heard', async () => {
  const { client } = await daemon((request, response) => {
    request.once('data', () => {
      response.statusCode = 500;
      response.end('{"message":"archive/tar: invalid tar header"}');
    });
  });
  const endless = (async function* () {
    for (;;) yield Buffer.alloc(65_536);
  })();
  const failing = client.importImage(endless, { changes: [], message: '' }, io);
  await expect(failing).rejects.toMatchObject({
    code: 'ENGINE_FAILED',
    message: 'docker failed importing an image: archive/tar: invalid tar header',
  });
});

test('an error of the tar is thrown as it is, and the daemon gets no whole request', async () => {
  let isWhole: boolean | undefined;
  const { client } = await daemon((request) => {
    request.resume();
    request.on('close', () => (isWhole = request.complete));
  });
  const broken = (async function* () {
    yield Buffer.from('a');
    throw new MkbaseError({ code: 'IO', message: 'the file is gone' });
  })();
  const failing = client.importImage(broken, { changes: [], message: '' }, io);
  await expect(failing).rejects.toMatchObject({ code: 'IO', message: 'the file is gone' });
  await expect.poll(() => isWhole).toBe(false);
});

test('an interruption ends a request that waits', async () => {
  const stop = new AbortController();
  const { client } = await daemon(() => stop.abort());
  const waiting = client.inspectImage('x', { ...io, signal: stop.signal });
  await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test.each([
  ['a daemon that hangs up', (request: IncomingMessage) => request.socket.destroy()],
  ['an answer that is no JSON', says(200, '<html>')],
  [
    'an answer that ends too early',
    (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('{');
      setImmediate(() => response.destroy());
    },
  ],
])('%s is a failure of the engine', async (_, answer) => {
  const { client } = await daemon(answer as Answer);
  await expect(client.imageTags(io)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
});

test('lists are read, and names of containers come without their slash', async () => {
  const images = await daemon(says(200, [{ Id: 'sha256:a', RepoTags: ['a:1', 'a:2'] }]));
  expect(await images.client.imageTags(io)).toEqual(['a:1', 'a:2']);
  expect(await images.client.imageIds({ dangling: true }, io)).toEqual(['sha256:a']);
  expect(images.asked[1]).toBe('GET /v1.41/images/json?filters={"dangling":["true"]}');
  server?.close();
  const containers = await daemon(says(200, [{ Names: ['/mkbase-1'] }]));
  expect(await containers.client.containerNames('org.mkbase.run', io)).toEqual(['mkbase-1']);
  expect(containers.asked).toEqual([
    'GET /v1.41/containers/json?all=1&filters={"label":["org.mkbase.run"]}',
  ]);
});

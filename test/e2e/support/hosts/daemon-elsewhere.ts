import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';

const daemonSocket = '/var/run/docker.sock';

/** The members of answers in which a daemon on arm64 differs from this machine's. */
const answers: readonly (readonly [path: RegExp, members: object])[] = [
  [/\/info$/, { Architecture: 'aarch64' }],
  [/\/version$/, { Arch: 'arm64' }],
  // Docker gives an imported image the architecture of its own machine.
  [/\/images\/.+\/json$/, { Architecture: 'arm64' }],
  // That the image is for another machine.
  [/\/containers\/create\b/, { Warnings: [] }],
];

async function passOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method, headers, url } = incoming;
  const passed = request({ socketPath: daemonSocket, method, headers, path: url });
  incoming.pipe(passed);
  outgoing.on('close', () => passed.destroy());
  const [answer] = (await once(passed, 'response')) as [IncomingMessage];
  const [, members] = answers.find(([path]) => path.test(url ?? '')) ?? [];
  if (members === undefined) {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    // Some answers begin long before there is anything in them.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    return;
  }
  const body = Buffer.from(JSON.stringify({ ...((await json(answer)) as object), ...members }));
  const { 'transfer-encoding': _, ...own } = answer.headers;
  outgoing.writeHead(answer.statusCode ?? 500, { ...own, 'content-length': body.length });
  outgoing.end(body);
}

/** Passes on a connection that becomes a stream, as that of a container's standard streams does. */
function passStream({ method, url, rawHeaders }: IncomingMessage, socket: Socket, head: Buffer) {
  const daemon = connect({ path: daemonSocket, allowHalfOpen: true });
  const lines = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : [],
  );
  daemon.write([`${method} ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  daemon.write(head);
  socket.pipe(daemon).pipe(socket);
  for (const [one, other] of [
    [socket, daemon],
    [daemon, socket],
  ] as const) {
    one.on('error', () => other.destroy());
  }
}

/**
 * Stands before this machine's Docker daemon, at a socket of its own, as if that ran on arm64: so it says of itself
 * and of its images. Programs run under emulation.
 */
export async function daemonElsewhere(
  socket: string,
): Promise<{ readonly env: Readonly<Record<string, string>>; close(): void }> {
  const server = createServer((incoming, outgoing) => {
    passOn(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.on('upgrade', passStream);
  server.listen(socket);
  await once(server, 'listening');
  return {
    env: { DOCKER_HOST: `unix://${socket}` },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

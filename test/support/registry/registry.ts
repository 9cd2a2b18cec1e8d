import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Server, serve } from '../http-server.ts';
import { type Access, answerToken, isAllowed } from './access.ts';

/** Everything that the registry gets wrong; without any it keeps to the distribution specification 1.1. */
export interface RegistryFaults {
  /** Knows nothing of referrers, as registries of the specification 1.0. */
  noReferrers?: boolean;
  /** Referrers come one a page. */
  pages?: boolean;
  /** The last page leads to itself. */
  endlessPages?: boolean;
  /** A manifest that is asked for is answered with this one. */
  otherManifest?: Buffer;
  /** Called when a manifest has been answered, as when a tag moves between two requests. */
  afterManifest?: () => void;
  /** A manifest that never ends. */
  endlessManifest?: boolean;
  /** Says that it took what was pushed under another digest. */
  wrongDigest?: boolean;
  /** So many answers with a blob are cut in the middle. */
  cutBlobs?: number;
  /** A blob's bytes are others, and as many. */
  swapBlobs?: boolean;
  endlessBlobs?: boolean;
  /** Blobs are at this URL. */
  redirect?: string;
  /** So many uploads are cut after their first bytes. */
  cutUploads?: number;
  /** Uploads are answered with this status before their bytes are read. */
  refuseUploads?: number;
  /** Takes an upload and never answers. */
  silentUploads?: boolean;
  /** Answers 401 whatever is sent. */
  loop401?: boolean;
  /** So many requests are answered with `status`, and `retryAfter` in seconds. */
  busy?: { times: number; status: number; retryAfter?: number };
  /** Called before an index is written under a tag. */
  beforeTag?: (tag: string) => Promise<void>;
  /** The place that uploads are sent to. */
  uploadTo?: string;
}

interface StoredManifest {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A registry in memory, and all that is in it. */
export interface TestRegistry {
  /** `127.0.0.1:PORT` */
  readonly domain: string;
  readonly server: Server;
  readonly faults: RegistryFaults;
  /** By `name digest`. */
  readonly blobs: Map<string, Buffer>;
  /** By `name digest`. */
  readonly manifests: Map<string, StoredManifest>;
  /** Digests by `name:tag`. */
  readonly tags: Map<string, string>;
  /** Each as `GET /v2/…`, in their order. */
  asked(): string[];
}

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

const end = (
  response: ServerResponse,
  status: number,
  headers: Record<string, string> = {},
  body: Uint8Array | string = '',
): void => {
  response.writeHead(status, { 'content-length': String(body.length), ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
};

const refuse = (response: ServerResponse, status: number, code: string) =>
  end(response, status, {}, JSON.stringify({ errors: [{ code, message: `${code} of the test` }] }));

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
  };
  response.on('drain', more);
  more();
}

type Registry = Omit<TestRegistry, 'domain' | 'server' | 'asked'> & {
  readonly access: Access;
  readonly uploads: Set<string>;
};

function sendBlob({ blobs, faults }: Registry, key: string, response: ServerResponse) {
  const found = blobs.get(key);
  if (found === undefined) return refuse(response, 404, 'BLOB_UNKNOWN');
  const digest = key.split(' ')[1] ?? '';
  const headers = { 'docker-content-digest': digest };
  if (response.req.method === 'HEAD') {
    return end(response, 200, { ...headers, 'content-length': String(found.length) });
  }
  if (faults.redirect !== undefined) return end(response, 307, { location: faults.redirect });
  if (faults.endlessBlobs) return endless(response);
  const bytes = faults.swapBlobs ? Buffer.alloc(found.length, 'x') : found;
  const start = Number(/^bytes=(\d+)-$/.exec(response.req.headers.range ?? '')?.[1] ?? 0);
  const range = start > 0 && {
    'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
  };
  if ((faults.cutBlobs ?? 0) > 0) {
    faults.cutBlobs = (faults.cutBlobs ?? 0) - 1;
    response.writeHead(200, { ...headers, 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.end());
    return;
  }
  end(response, range ? 206 : 200, { ...headers, ...range }, bytes.subarray(start));
}

async function upload(registry: Registry, name: string, url: URL, response: ServerResponse) {
  const { blobs, faults, uploads } = registry;
  const { searchParams, pathname } = url;
  if (response.req.method === 'POST') {
    const from = `${searchParams.get('from')} ${searchParams.get('mount')}`;
    const mounted = blobs.get(from);
    const digest = searchParams.get('mount') ?? '';
    if (mounted !== undefined) {
      blobs.set(`${name} ${digest}`, mounted);
      return end(response, 201, { location: `/v2/${name}/blobs/${digest}` });
    }
    const id = randomUUID();
    uploads.add(id);
    const location = faults.uploadTo ?? `/v2/${name}/blobs/uploads/${id}?state=a`;
    return end(response, 202, { location });
  }
  const id = pathname.split('/').at(-1) ?? '';
  if (!uploads.delete(id)) return refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN');
  if ((faults.cutUploads ?? 0) > 0) {
    faults.cutUploads = (faults.cutUploads ?? 0) - 1;
    response.req.once('data', () => response.socket?.destroy());
    return;
  }
  if (faults.refuseUploads) return refuse(response, faults.refuseUploads, 'SIZE_INVALID');
  if (faults.silentUploads) return response.req.resume();
  const bytes = await bodyOf(response.req);
  const digest = searchParams.get('digest') ?? '';
  if (digestOf(bytes) !== digest) return refuse(response, 400, 'DIGEST_INVALID');
  blobs.set(`${name} ${digest}`, bytes);
  const told = faults.wrongDigest ? digestOf(Buffer.from('another')) : digest;
  return end(response, 201, { 'docker-content-digest': told });
}

/** Tells whether everything that a manifest names is there, as the specification lets a registry demand. */
function isComplete({ blobs, manifests }: Registry, name: string, bytes: Buffer): boolean {
  const { config, layers = [], manifests: listed = [] } = JSON.parse(bytes.toString());
  const named: string[] = [config, ...layers].filter(Boolean).map(({ digest }) => digest);
  return (
    named.every((digest) => blobs.has(`${name} ${digest}`)) &&
    listed.every(({ digest }: { digest: string }) => manifests.has(`${name} ${digest}`))
  );
}

async function putManifest(
  registry: Registry,
  name: string,
  ref: string,
  response: ServerResponse,
) {
  const { manifests, tags, faults } = registry;
  const bytes = await bodyOf(response.req);
  const digest = digestOf(bytes);
  if (ref.startsWith('sha256:') && ref !== digest) return refuse(response, 400, 'DIGEST_INVALID');
  if (!isComplete(registry, name, bytes)) return refuse(response, 400, 'MANIFEST_BLOB_UNKNOWN');
  const { subject } = JSON.parse(bytes.toString());
  if (!ref.startsWith('sha256:')) await faults.beforeTag?.(ref);
  manifests.set(`${name} ${digest}`, { type: response.req.headers['content-type'] ?? '', bytes });
  if (!ref.startsWith('sha256:')) tags.set(`${name}:${ref}`, digest);
  const told = faults.wrongDigest ? digestOf(Buffer.from('another')) : digest;
  const knows = subject && !faults.noReferrers;
  return end(response, 201, {
    'docker-content-digest': told,
    ...(knows && { 'oci-subject': subject.digest }),
  });
}

function sendManifest(registry: Registry, name: string, ref: string, response: ServerResponse) {
  const { manifests, tags, faults } = registry;
  const digest = ref.startsWith('sha256:') ? ref : tags.get(`${name}:${ref}`);
  const found = manifests.get(`${name} ${digest}`);
  if (digest === undefined || found === undefined) return refuse(response, 404, 'MANIFEST_UNKNOWN');
  if (faults.endlessManifest && response.req.method === 'GET') return endless(response);
  const bytes = faults.otherManifest ?? found.bytes;
  const headers = { 'content-type': found.type, 'docker-content-digest': digest };
  end(response, 200, { ...headers, 'content-length': String(bytes.length) }, bytes);
  return faults.afterManifest?.();
}

function sendReferrers(registry: Registry, name: string, url: URL, response: ServerResponse) {
  const { manifests, faults } = registry;
  if (faults.noReferrers) return refuse(response, 404, 'NOT_FOUND');
  const subject = url.pathname.split('/').at(-1);
  const all = [...manifests].flatMap(([key, { type, bytes }]) => {
    const value = JSON.parse(bytes.toString());
    if (!key.startsWith(`${name} `) || value.subject?.digest !== subject) return [];
    const { artifactType, annotations } = value;
    const digest = key.split(' ')[1];
    return [{ mediaType: type, digest, size: bytes.length, artifactType, annotations }];
  });
  const page = Number(url.searchParams.get('page') ?? 0);
  const shown = faults.pages ? all.slice(page, page + 1) : all;
  const more = faults.pages && (faults.endlessPages || page + 1 < all.length);
  const next = faults.endlessPages ? page : page + 1;
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json' };
  end(
    response,
    200,
    {
      'content-type': index.mediaType,
      ...(more && { link: `<${url.pathname}?page=${next}>; rel="next"` }),
    },
    JSON.stringify({ ...index, manifests: shown }),
  );
}

async function answer(registry: Registry, response: ServerResponse, domain: string) {
  const { access, faults } = registry;
  const url = new URL(response.req.url ?? '/', `http://${domain}`);
  if (url.pathname === '/token') return answerToken(access, url, response);
  const { busy } = faults;
  if (busy && busy.times > 0 && url.pathname !== '/v2/') {
    busy.times -= 1;
    return end(response, busy.status, { 'retry-after': String(busy.retryAfter ?? 0) });
  }
  if (!isAllowed(access, response, `http://${domain}/token`, faults.loop401 === true)) return;
  if (url.pathname === '/v2/') return end(response, 200);
  const [, name = '', kind, ref = ''] =
    /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests|referrers|tags)\/(.*)$/.exec(url.pathname) ?? [];
  if (kind === 'blobs/uploads') return upload(registry, name, url, response);
  if (kind === 'blobs') return sendBlob(registry, `${name} ${ref}`, response);
  if (kind === 'referrers') return sendReferrers(registry, name, url, response);
  if (kind !== 'manifests') return refuse(response, 404, 'NAME_UNKNOWN');
  if (response.req.method === 'PUT') return putManifest(registry, name, ref, response);
  return sendManifest(registry, name, ref, response);
}

/** Starts a registry on a free port of this machine, over plain http. */
export async function startRegistry(
  faults: RegistryFaults = {},
  access: Access = { kind: 'open' },
): Promise<TestRegistry> {
  const registry: Registry = {
    ...{ faults, access, blobs: new Map(), manifests: new Map(), tags: new Map() },
    uploads: new Set<string>(),
  };
  const server = await serve((_, response) => {
    answer(registry, response, response.req.headers.host ?? '').catch(() => response.destroy());
  });
  const { uploads: _uploads, access: _access, ...shown } = registry;
  return {
    ...shown,
    server,
    domain: new URL(server.url).host,
    asked: () =>
      server.requests.map(
        ({ method, url }) =>
          `${method} ${url.replace(/uploads\/.+$/, (rest) => (rest.includes('mount=') ? rest : 'uploads/'))}`,
      ),
  };
}

import type { Io } from '../base/events.ts';
import type { Descriptor } from '../oci/blob.ts';
import { unreachable } from '../store/transfer/failure.ts';
import type { RequestBody } from '../store/transfer/http-request.ts';
import type { Reply } from './exchange.ts';
import { registryCorrupt, registryFailed, wordsOf } from './failure.ts';
import { type Repository, repositoryName } from './remote-reference.ts';
import { pullScope, pushScope } from './scopes.ts';
import { type OpenRepository, persist } from './session.ts';

/** A blob that can be sent, as often as it has to be. */
export interface BlobSource extends Pick<Descriptor, 'digest' | 'size'> {
  /** Its chunks are not changed after they were handed over. */
  bytes(): RequestBody;
}

/** Hears how many bytes have gone; fewer than before when some have to be sent again. */
export type OnBytes = (difference: number) => void;

/** Refuses an answer that names another digest than was sent (distribution-spec, "Push"). */
export function checkDigest(
  { header }: Reply,
  repository: Repository,
  what: string,
  digest: string,
): void {
  const named = header('docker-content-digest');
  if (named === undefined || named === digest) return;
  throw registryCorrupt(
    `${repositoryName(repository)}: the registry took ${what} for another one.\n  sent    ${digest}\n  it says ${named.slice(0, 100)}`,
  );
}

/** Makes the error of an answer that no rule of the protocol expects. */
export function unexpected({ status, body }: Reply, doing: string, repository: Repository) {
  const words = wordsOf(body);
  return registryFailed(
    `${repository.domain} answers ${status} to ${doing}${words && ` (${words})`}.`,
    'Nothing was tagged. Ask whoever runs the registry.',
  );
}

/** Asks whether a repository holds a blob (distribution-spec, end-2). */
export async function hasBlob(
  { session, ...repository }: OpenRepository,
  { digest, size }: Pick<BlobSource, 'digest' | 'size'>,
  io: Io,
): Promise<boolean> {
  const doing = `looking for a blob in ${repositoryName(repository)}`;
  const target = `${repository.path}/blobs/${digest}`;
  // With the scope of pushing: one token does for all that a push asks.
  const scopes = [pushScope(repository)];
  const reply = await session.insist({ method: 'HEAD', target, scopes, doing }, io);
  if (reply.status === 404) return false;
  if (reply.status !== 200) throw unexpected(reply, doing, repository);
  checkDigest(reply, repository, 'the blob', digest);
  const length = reply.header('content-length');
  return length === undefined || Number(length) === size;
}

/** Returns where an upload goes on: a URL that does not give up https. */
function uploadUrl({ header }: Reply, { session, ...repository }: OpenRepository): URL {
  const location = header('location') ?? '';
  const refuse = (why: string): never => {
    throw registryFailed(
      `${repositoryName(repository)}: the registry sends the upload to ${JSON.stringify(location.slice(0, 200))}, ${why}.`,
      'Nothing was tagged. Ask whoever runs the registry.',
    );
  };
  if (location === '' || !URL.canParse(location, session.url.href))
    return refuse('which is no URL');
  const url = new URL(location, session.url);
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isHttp) return refuse('which is refused');
  if (session.url.protocol === 'https:' && url.protocol === 'http:') {
    return refuse('which would give up the protection of https');
  }
  return url;
}

/** Counts the bytes of a body as they are sent. */
async function* counted(body: AsyncIterable<Uint8Array>, onBytes: OnBytes) {
  for await (const chunk of body) {
    yield chunk;
    onBytes(chunk.length);
  }
}

/**
 * Begins an upload (distribution-spec, end-4a), or has the blob mounted from another repository of the same
 * registry (end-11). Undefined when it was mounted.
 */
async function beginUpload(
  { session, ...repository }: OpenRepository,
  { digest }: BlobSource,
  from: Repository | undefined,
  io: Io,
): Promise<Reply | undefined> {
  const doing = `pushing to ${repositoryName(repository)}`;
  const query = from ? `?${new URLSearchParams({ mount: digest, from: from.path })}` : '';
  const scopes = [pushScope(repository), ...(from ? [pullScope(from)] : [])];
  const target = `${repository.path}/blobs/uploads/${query}`;
  const headers = { 'content-length': '0' };
  const reply = await session.ask({ method: 'POST', target, scopes, doing, headers }, io);
  if (reply.status === 202) return reply;
  if (reply.status !== 201) throw unexpected(reply, doing, repository);
  checkDigest(reply, repository, 'the mounted blob', digest);
  return undefined;
}

/** Sends a whole blob once. An upload that the registry has forgotten is worth another attempt. */
async function uploadOnce(
  repository: OpenRepository,
  blob: BlobSource,
  from: Repository | undefined,
  onBytes: OnBytes,
  io: Io,
): Promise<void> {
  const { session } = repository;
  const begun = await beginUpload(repository, blob, from, io);
  if (begun === undefined) return onBytes(blob.size);
  const target = uploadUrl(begun, repository);
  // Appended as it is: a signature in the rest of the query may cover each character of it.
  target.search += `${target.search === '' ? '?' : '&'}digest=${encodeURIComponent(blob.digest)}`;
  const doing = `pushing to ${repositoryName(repository)}`;
  let sent = 0;
  const count = (difference: number) => {
    sent += difference;
    onBytes(difference);
  };
  const body = () => {
    onBytes(-sent);
    sent = 0;
    const bytes = blob.bytes();
    return bytes instanceof Uint8Array ? bytes : counted(bytes, count);
  };
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(blob.size),
  };
  try {
    const scopes = [pushScope(repository)];
    const reply = await session.ask({ method: 'PUT', target, scopes, doing, headers, body }, io);
    if (reply.status === 404) {
      throw unreachable(`${session.domain} has forgotten the upload.`, { again: true });
    }
    if (reply.status !== 201) throw unexpected(reply, doing, repository);
    checkDigest(reply, repository, 'the blob', blob.digest);
    onBytes(blob.size - sent);
  } catch (error) {
    onBytes(-sent);
    throw error;
  }
}

/**
 * Brings a blob to a repository, unless it is there: mounted from another repository of the registry where
 * one is named, else sent whole, again and again when the connection is cut. Resolves to false when it was
 * there. Errors: REGISTRY_*, INTERRUPTED, and those of reading it.
 */
export async function pushBlob(
  repository: OpenRepository,
  blob: BlobSource,
  { from, onBytes }: { readonly from?: Repository | undefined; readonly onBytes: OnBytes },
  io: Io,
): Promise<boolean> {
  if (await hasBlob(repository, blob, io)) {
    onBytes(blob.size);
    return false;
  }
  const attempt = () => uploadOnce(repository, blob, from, onBytes, io);
  await persist(attempt, repository.session.network, io);
  return true;
}

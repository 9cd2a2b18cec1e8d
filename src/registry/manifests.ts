import type { Io } from '../base/events.ts';
import { isRecord, type JsonRecord, text } from '../base/json.ts';
import { ambiguityIn } from '../base/unambiguous-json.ts';
import { type Blob, mediaTypes, sha256 } from '../oci/blob.ts';
import { checkDigest, unexpected } from './blobs.ts';
import { registryCorrupt } from './failure.ts';
import { type RemoteReference, remoteName, repositoryName } from './remote-reference.ts';
import { pullScope, pushScope } from './scopes.ts';
import type { OpenRepository } from './session.ts';

/** Media types of indexes: OCI's, and Docker's older one. */
export const indexTypes: readonly string[] = [
  mediaTypes.index,
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** Media types of manifests: OCI's, and Docker's older one. */
export const manifestTypes: readonly string[] = [
  mediaTypes.manifest,
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** A manifest or index that was read, and whose bytes are those of its digest. */
export interface FoundManifest extends Blob {
  readonly value: JsonRecord;
}

/** Parses a manifest that no two readers can read in two ways. REGISTRY_CORRUPT. */
function parsed(bytes: Buffer, name: string): JsonRecord {
  const source = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    value = undefined;
  }
  if (!isRecord(value)) throw registryCorrupt(`${name}: what came is no manifest.`);
  const ambiguous = ambiguityIn(source);
  if (ambiguous !== undefined) {
    throw registryCorrupt(`${name}: ${ambiguous.field} of the manifest ${ambiguous.problem}.`);
  }
  // One that is both could be read as either (CVE-2021-41190).
  if ('manifests' in value && ('layers' in value || 'config' in value)) {
    throw registryCorrupt(`${name}: it is an index and a manifest at once.`);
  }
  return value;
}

/**
 * Returns the media type, of which the answer's head and the manifest itself must not differ. Where neither says it,
 * as in a layout of older tools, it is OCI's.
 */
function mediaTypeOf(value: JsonRecord, contentType: string, name: string): string {
  const told = contentType.split(';')[0]!.trim();
  const own = text(value.mediaType);
  const usual = 'manifests' in value ? mediaTypes.index : mediaTypes.manifest;
  const found = own || told || usual;
  if (![...indexTypes, ...manifestTypes].includes(found)) {
    throw registryCorrupt(`${name}: it has the media type ${JSON.stringify(found.slice(0, 100))}.`);
  }
  if (own !== '' && told !== '' && own !== told && told.includes('vnd.')) {
    throw registryCorrupt(`${name}: it says that it is ${own}, and the registry ${told}.`);
  }
  if (indexTypes.includes(found) !== 'manifests' in value) {
    throw registryCorrupt(`${name}: it is not what its media type says, ${found}.`);
  }
  return found;
}

/**
 * Reads a manifest or index out of bytes that came with a media type; '' where none is told. No two readers can
 * read it in two ways. REGISTRY_CORRUPT.
 */
export function manifestIn(bytes: Buffer, contentType: string, name: string): FoundManifest {
  const value = parsed(bytes, name);
  return { mediaType: mediaTypeOf(value, contentType, name), digest: sha256(bytes), bytes, value };
}

const targetOf = ({ path, tag = '', digest = tag }: RemoteReference) =>
  `${path}/manifests/${digest}`;

const accept = [...manifestTypes, ...indexTypes].join(', ');

/** Reads a manifest or index (distribution-spec, end-3); undefined where there is none. REGISTRY_*. */
export async function getManifest(
  { session, ...repository }: OpenRepository,
  which: Pick<RemoteReference, 'tag' | 'digest'>,
  io: Io,
): Promise<FoundManifest | undefined> {
  const reference = { ...repository, ...which };
  const name = remoteName(reference);
  const doing = `reading ${name}`;
  const reply = await session.insist(
    {
      ...{ method: 'GET', target: targetOf(reference), scopes: [pullScope(repository)], doing },
      headers: { accept },
      most: session.network.limits.manifest,
    },
    io,
  );
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw unexpected(reply, doing, repository);
  const digest = sha256(reply.body);
  const expected = which.digest ?? reply.header('docker-content-digest') ?? digest;
  if (digest !== expected) {
    throw registryCorrupt(
      `${name}: the registry sent another manifest.\n  expected ${expected.slice(0, 100)}\n  received ${digest}`,
    );
  }
  return manifestIn(reply.body, reply.header('content-type') ?? '', name);
}

/** Asks which manifest a tag or digest stands for; undefined where there is none, or it is not said. */
export async function headManifest(
  { session, ...repository }: OpenRepository,
  which: Pick<RemoteReference, 'tag' | 'digest'>,
  io: Io,
): Promise<string | undefined> {
  const reference = { ...repository, ...which };
  const doing = `looking for ${remoteName(reference)}`;
  const scopes = [pushScope(repository)];
  const asked = { method: 'HEAD' as const, target: targetOf(reference), scopes, doing };
  const reply = await session.insist({ ...asked, headers: { accept } }, io);
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw unexpected(reply, doing, repository);
  return reply.header('docker-content-digest') ?? which.digest;
}

/**
 * Writes a manifest or index under its digest, or under a tag (distribution-spec, end-7). Resolves to whether
 * the registry keeps the list of referrers itself. REGISTRY_*.
 */
export async function putManifest(
  { session, ...repository }: OpenRepository,
  { mediaType, digest, bytes }: Blob,
  tag: string | undefined,
  io: Io,
): Promise<{ readonly keepsReferrers: boolean }> {
  const reference = { ...repository, ...(tag === undefined ? { digest } : { tag }) };
  const doing = `pushing to ${repositoryName(repository)}`;
  const headers = { 'content-type': mediaType, 'content-length': String(bytes.length) };
  const target = targetOf(reference);
  const scopes = [pushScope(repository)];
  const asked = { method: 'PUT' as const, target, scopes, doing, headers, body: () => bytes };
  const reply = await session.insist(asked, io);
  if (reply.status !== 201) throw unexpected(reply, doing, repository);
  checkDigest(reply, repository, 'the manifest', digest);
  return { keepsReferrers: reply.header('oci-subject') !== undefined };
}

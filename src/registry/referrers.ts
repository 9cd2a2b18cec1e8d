import type { Io } from '../base/events.ts';
import { isRecord, list, text, texts } from '../base/json.ts';
import { type Descriptor, jsonBlob, mediaTypes } from '../oci/blob.ts';
import { digestPattern } from '../oci/reference-grammar.ts';
import type { Annotations, Artifact } from './artifact.ts';
import { unexpected } from './blobs.ts';
import { registryCorrupt, registryFailed } from './failure.ts';
import { getManifest, indexTypes, putManifest } from './manifests.ts';
import { repositoryName } from './remote-reference.ts';
import { pullScope } from './scopes.ts';
import type { OpenRepository } from './session.ts';

/** A manifest that refers to another, as a list of referrers has it; nothing of it is proven. */
export interface Referrer extends Descriptor {
  readonly artifactType: string;
  readonly annotations?: Annotations;
}

/** More than anybody attaches to one image. */
const mostReferrers = 1000;

/** Returns the tag under which referrers are listed where a registry does not do it (distribution-spec, "Referrers Tag Schema"). */
export const fallbackTag = (digest: string): string => digest.replace(':', '-');

/** Reads the descriptors in an index; one that cannot be followed is left out. */
export function referrersIn(manifests: unknown): Referrer[] {
  return list(manifests).flatMap((each) => {
    if (!isRecord(each)) return [];
    const { mediaType, digest, size, artifactType, annotations } = each;
    const isFollowed = digestPattern.test(text(digest)) && Number.isSafeInteger(size);
    if (!isFollowed || text(mediaType) !== mediaTypes.manifest) return [];
    return [
      {
        ...{ mediaType: text(mediaType), digest: text(digest), size: size as number },
        artifactType: text(artifactType),
        ...(isRecord(annotations) && { annotations: texts(annotations) }),
      },
    ];
  });
}

const withinBounds = (found: readonly Referrer[], name: string) => {
  if (found.length <= mostReferrers) return found;
  throw registryCorrupt(`${name}: more than ${mostReferrers} things are attached to it.`);
};

/** Returns the next page that a Link header names (RFC 8288), within the same registry. */
function nextPage(link: string | undefined, base: URL): URL | undefined {
  const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (next === undefined || !URL.canParse(next, base.href)) return undefined;
  const url = new URL(next, base);
  return url.origin === base.origin ? url : undefined;
}

function parsedIndex(body: Buffer, name: string): readonly Referrer[] {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isRecord(value) && Array.isArray(value.manifests)) return referrersIn(value.manifests);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw registryCorrupt(`${name}: its list of referrers is no index.`);
}

/** Asks the registry for the referrers of a digest (distribution-spec, end-12a); undefined where it does not know how. */
async function askReferrers(
  { session, ...repository }: OpenRepository,
  digest: string,
  io: Io,
): Promise<readonly Referrer[] | undefined> {
  const name = `${repositoryName(repository)}@${digest}`;
  const doing = `listing what is attached to ${name}`;
  const { limits } = session.network;
  const found: Referrer[] = [];
  let target: string | URL | undefined = `${repository.path}/referrers/${digest}`;
  for (let page = 0; target !== undefined; page++) {
    if (page === limits.pages) throw registryCorrupt(`${name}: its list of referrers has no end.`);
    const scopes = [pullScope(repository)];
    const most = limits.manifest;
    const reply = await session.insist(
      { method: 'GET', target, scopes, doing, most, headers: { accept: mediaTypes.index } },
      io,
    );
    // A registry that does not know the path may also take it for a method or a name that cannot be.
    if (page === 0 && [400, 404, 405].includes(reply.status)) return undefined;
    if (reply.status !== 200) throw unexpected(reply, doing, repository);
    found.push(...parsedIndex(reply.body, name));
    withinBounds(found, name);
    target = nextPage(reply.header('link'), session.url);
  }
  return found;
}

/** Reads the list under the fallback tag; an empty one where there is none. */
async function taggedReferrers(
  repository: OpenRepository,
  digest: string,
  io: Io,
): Promise<readonly Referrer[]> {
  const found = await getManifest(repository, { tag: fallbackTag(digest) }, io);
  if (found === undefined || !indexTypes.includes(found.mediaType)) return [];
  return withinBounds(referrersIn(found.value.manifests), repositoryName(repository));
}

/**
 * Lists what is attached to a manifest: what the registry says, and where it does not list referrers itself,
 * what stands under the fallback tag. REGISTRY_*.
 */
export async function listReferrers(
  repository: OpenRepository,
  digest: string,
  io: Io,
): Promise<readonly Referrer[]> {
  return (
    (await askReferrers(repository, digest, io)) ?? (await taggedReferrers(repository, digest, io))
  );
}

/**
 * Lists artifacts under the fallback tag, beside those that others have listed there. A registry has no lock, so
 * the list is read again after it was written, and written again when somebody else has written in between.
 * REGISTRY_FAILED when that happens again and again.
 */
export async function listUnderTag(
  repository: OpenRepository,
  subject: string,
  artifacts: readonly Artifact[],
  io: Io,
): Promise<void> {
  const { rounds } = repository.session.network.limits;
  for (let round = 0; round <= rounds; round++) {
    const before = await taggedReferrers(repository, subject, io);
    const known = new Set(before.map(({ digest }) => digest));
    const missing = artifacts.filter(({ manifest }) => !known.has(manifest.digest));
    if (missing.length === 0) return;
    const manifests = [...before, ...missing.map(({ listed }) => listed)];
    const index = jsonBlob(mediaTypes.index, {
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests,
    });
    await putManifest(repository, index, fallbackTag(subject), io);
  }
  throw registryFailed(
    `${repositoryName(repository)}: others write the list of what is attached to ${subject} all the time.`,
    'Run the same command again when nobody else pushes.',
  );
}

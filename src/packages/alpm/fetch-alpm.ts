import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { mapConcurrent } from '../../base/map-concurrent.ts';
import { whole } from '../../base/whole.ts';
import { isAbsent } from '../../store/transfer/failure.ts';
import { below, withoutCredentials } from '../mirror-url.ts';
import type { WebOfTrust } from '../openpgp/web-of-trust.ts';
import type { RunSources } from '../sources.ts';
import type { LockedAlpm } from './locked-alpm.ts';
import { repositoryPath } from './mirror.ts';
import type { ProposedAlpm } from './sync-database.ts';
import { checkIdentity, verifyPackage } from './verify-package.ts';

/** Far more than any signature has. */
export const maxSignatureBytes = 64 * 1024;
const concurrency = 8;

/** The place of packages, and the packagers that count. */
export interface AlpmPlace {
  readonly snapshot: string;
  readonly arch: string;
  /** Mirror root, as it is asked: may carry credentials. */
  readonly mirror: string;
  readonly web: WebOfTrust;
}

/** Fetches the signature beside a package. Throws SOURCE_UNTRUSTED where there is none. */
async function fetchSignature(url: string, what: string, { store }: RunSources, io: Io) {
  try {
    return await store.fetchBytes(url, { maxBytes: maxSignatureBytes }, io);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw new MkbaseError({
      code: 'SOURCE_UNTRUSTED',
      message: `${what} is not signed: there is no ${withoutCredentials(url)}.`,
      hint: 'Each package needs the .sig of its packager beside it: use another mirror with --mirror.',
      cause: error,
    });
  }
}

/**
 * Brings packages into the store that a database proposes, with their signatures, and pins them by what
 * their packagers have signed. Emits `progress` of stage `lock`. Errors: SOURCE_UNREACHABLE,
 * SOURCE_UNTRUSTED, SOURCE_CORRUPT, ARCHIVE_REFUSED, OFFLINE, NO_SPACE, IO.
 */
export async function fetchAlpm(
  proposed: readonly ProposedAlpm[],
  place: AlpmPlace,
  sources: RunSources,
  io: Io,
): Promise<LockedAlpm[]> {
  const total = proposed.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const one = async (each: ProposedAlpm, group: Io): Promise<LockedAlpm> => {
    const locked = await fetchOne(each, place, sources, group);
    done += each.size;
    io.emit({ type: 'progress', stage: 'lock', done, total, item: each.name });
    return locked;
  };
  return mapConcurrent(proposed, concurrency, one, io);
}

async function fetchOne(
  { name, version, repository, file, size, sha256 }: ProposedAlpm,
  { snapshot, arch, mirror, web }: AlpmPlace,
  sources: RunSources,
  io: Io,
): Promise<LockedAlpm> {
  const { store, offline, now } = sources;
  const filename = `${repositoryPath(snapshot, repository, arch)}/${file}`;
  const url = below(mirror, filename);
  const what = `${name} ${version} (${withoutCredentials(url)})`;
  await store.fetch([{ urls: [url], sha256, size }], { offline }, io);
  const signature = await fetchSignature(`${url}.sig`, what, sources, io);
  const pinned = sha256OfBytes(signature);
  const open = () => store.read(sha256);
  const { stated, signer, masters } = await verifyPackage({ open, signature }, web, { what, now });
  checkIdentity(stated, { name, version, arch }, what);
  await store.write(whole(signature), pinned);
  return {
    ...stated,
    ...{ repository, filename, size, sha256 },
    signature: { sha256: pinned, signedBy: signer, masters },
  };
}

import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { TransferFailure } from '../../../store/transfer/failure.ts';
import { type Compression, decompress } from '../../../tar/decompress.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import type { DebianContext } from './debian-context.ts';
import type { ReleaseFile } from './release.ts';
import type { SignedRelease } from './signed-release.ts';

/** The compressed forms, best first. */
const forms: readonly (readonly [suffix: string, compression: Compression])[] = [
  ['.xz', 'xz'],
  ['.gz', 'gz'],
  ['', 'none'],
];

/**
 * Brings an index into the store, in the smallest form that the mirror has, and then unpacked; `path`
 * must be one that the Release file lists. Returns its URL, for messages. Errors: those of the store;
 * ARCHIVE_REFUSED when it does not unpack.
 */
export async function fetchIndex(
  release: SignedRelease,
  path: string,
  context: DebianContext,
  io: Io,
): Promise<string> {
  const form = await fetchSmallest(release, path, context, io);
  await storeUnpacked(form, release.files.get(path)!, context, io);
  return form.what;
}

/** A compressed index that is in the store. */
interface StoredForm {
  readonly sha256: string;
  readonly compression: Compression;
  readonly what: string;
}

async function fetchSmallest(
  release: SignedRelease,
  path: string,
  context: DebianContext,
  io: Io,
): Promise<StoredForm> {
  const listed = forms.filter(([suffix]) => release.files.has(path + suffix));
  let failure: unknown;
  for (const [suffix, compression] of listed) {
    const { sha256, size } = release.files.get(path + suffix)!;
    const urls = urlsOf(release, path + suffix, sha256);
    try {
      await context.store.fetch([{ urls, sha256, size }], { offline: context.offline }, io);
      return {
        sha256,
        compression,
        what: withoutCredentials(below(release.mirror, `dists/${release.asked}/${path}${suffix}`)),
      };
    } catch (error) {
      if (!isAbsent(error)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/** Tells whether a form is absent, so that the next is tried; wrong bytes and a dead network are errors. */
function isAbsent(error: unknown): boolean {
  if (!(error instanceof MkbaseError)) return false;
  // Offline the store has one form at the most.
  if (error.code === 'OFFLINE') return true;
  if (error.code !== 'SOURCE_UNREACHABLE') return false;
  return error.cause instanceof TransferFailure && !error.cause.again;
}

function urlsOf(release: SignedRelease, path: string, sha256: string): string[] {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const byHash = `dists/${release.asked}/${folder}/by-hash/SHA256/${sha256}`;
  const paths = [...(release.byHash ? [byHash] : []), `dists/${release.asked}/${path}`];
  const roots = [release.mirror, ...(release.others ?? [])];
  return roots.flatMap((root) => paths.map((each) => below(root, each)));
}

async function storeUnpacked(
  { sha256, compression, what }: StoredForm,
  plain: ReleaseFile,
  { store }: DebianContext,
  { signal }: Io,
): Promise<void> {
  if (compression === 'none') return;
  const stream = decompress(store.read(sha256), compression, {
    maxBytes: plain.size,
    what,
    signal,
  });
  await store.write(stream, plain.sha256);
}

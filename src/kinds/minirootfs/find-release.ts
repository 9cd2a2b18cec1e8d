import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Platform } from '../../base/platform.ts';
import type { AlpineContext } from '../../packages/apk/alpine-context.ts';
import { alpineArch } from '../../packages/apk/arch.ts';
import { below, withoutCredentials } from '../../packages/mirror-url.ts';
import { isAbsent } from '../../store/transfer/failure.ts';
import { otherBranches } from './other-branches.ts';
import { type PublishedArchive, parseReleaseIndex } from './release-index.ts';

/** A hundred times what Alpine has. */
const maxIndexBytes = 1024 * 1024;

/** A release's archive, and the architecture that it is for. */
export interface FoundRelease {
  readonly archive: PublishedArchive;
  readonly arch: string;
}

/**
 * Finds a release in the `latest-releases.yaml` of its branch. Errors: RELEASE_NOT_FOUND, naming
 * what there is, SOURCE_UNREACHABLE for a mirror without indexes, SOURCE_CORRUPT, OFFLINE.
 */
export async function findRelease(
  mirror: string,
  release: string,
  platform: Platform,
  context: AlpineContext,
  io: Io,
): Promise<FoundRelease> {
  const arch = alpineArch(platform.name);
  const read = (folder: string) => readIndex(mirror, folder, arch, context, io);
  const folder = folderOf(release);
  const archives = await read(folder);
  if (archives === undefined) throw await noIndex(mirror, release, arch, read);
  const fitting = archives.filter((each) => isOf(each, release));
  // The newest stands first.
  if (fitting[0] !== undefined) return { archive: fitting[0], arch };
  const others = archives.map(({ version }) => version);
  throw notFound(release, arch, withoutCredentials(mirror), others);
}

/** The branch of `3.20.3` is `v3.20`. */
function folderOf(release: string): string {
  const branch = /^\d+\.\d+/.exec(release)?.[0];
  return branch === undefined ? release : `v${branch}`;
}

/** Whether an archive is what was asked for; a folder that holds another branch's is not believed. */
function isOf({ branch, version }: PublishedArchive, release: string): boolean {
  const inBranch = version.startsWith(`${branch.slice(1)}.`);
  if (release === 'latest-stable') return inBranch;
  return inBranch && (version === release || branch === `v${release}`);
}

async function readIndex(
  mirror: string,
  folder: string,
  arch: string,
  { store, offline }: AlpineContext,
  io: Io,
): Promise<PublishedArchive[] | undefined> {
  const url = below(mirror, `${folder}/releases/${arch}/latest-releases.yaml`);
  try {
    const bytes = await store.fetchBytes(url, { maxBytes: maxIndexBytes, offline }, io);
    return parseReleaseIndex(bytes, arch, withoutCredentials(url));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

type Read = (folder: string) => Promise<PublishedArchive[] | undefined>;

async function noIndex(
  mirror: string,
  release: string,
  arch: string,
  read: Read,
): Promise<MkbaseError> {
  const shown = withoutCredentials(mirror);
  const branches = await otherBranches(mirror);
  const newest = branches.length > 0 ? [] : await read('latest-stable').catch(() => undefined);
  const known = [...branches, ...(newest ?? []).map(({ branch }) => branch.slice(1))];
  if (known.length > 0) return notFound(release, arch, shown, known);
  return new MkbaseError({
    code: 'SOURCE_UNREACHABLE',
    message: `${shown} has no index of Alpine ${release} for ${arch}: ${folderOf(release)}/releases/${arch}/latest-releases.yaml is not there.`,
    hint: 'Check the release, and that the mirror is the root of an Alpine mirror: the folder that holds v3.20 and its like.',
  });
}

function notFound(
  release: string,
  arch: string,
  mirror: string,
  others: readonly string[],
): MkbaseError {
  const there = others.length === 0 ? '' : ` It has ${[...new Set(others)].join(', ')}.`;
  return new MkbaseError({
    code: 'RELEASE_NOT_FOUND',
    message: `There is no Alpine release ${release} for ${arch} at ${mirror}.${there}`,
    hint: 'An older point release is not listed: name its archive by "url" and digest in a recipe of your own.',
    about: [release],
  });
}

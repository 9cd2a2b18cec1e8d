import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { whole } from '../../base/whole.ts';
import type { Store } from '../../store/store.ts';
import { isAbsent } from '../../store/transfer/failure.ts';
import { decompress } from '../../tar/decompress.ts';
import { below, withoutCredentials } from '../mirror-url.ts';
import {
  recallIndex,
  refuseOlderIndex,
  rememberedBytes,
  rememberedIndexFile,
  rememberIndex,
} from '../remembered-index.ts';
import { type ApkIndex, openApkIndex } from './apk-index.ts';
import { verifyApkSignature } from './apk-signature.ts';
import type { ApkKeys } from './keys.ts';
import type { LockedApkIndex } from './locked-apks.ts';
import type { AlpineContext } from './mirror.ts';
import { readFiles } from './segment.ts';

/** A repository, and the mirror that has it. */
export interface ApkRepository {
  /** Mirror root, as it is asked: may carry credentials. */
  readonly mirror: string;
  /** Path below it, for instance `v3.20/main`. */
  readonly repository: string;
  /** In Alpine's words. */
  readonly arch: string;
}

/** A repository's index that was authenticated. */
export interface SignedApkIndex extends ApkIndex, ApkRepository {
  /** The APKINDEX.tar.gz itself. */
  readonly file: Uint8Array;
  readonly locked: LockedApkIndex;
}

/** Five times what Alpine's largest repository has, packed and unpacked. */
export const maxIndexBytes = 16 * 1024 * 1024;
const maxUnpacked = 64 * 1024 * 1024;

/**
 * Fetches a repository's index and authenticates it before anything in it is parsed. Refuses with
 * SOURCE_UNTRUSTED what no believed key has signed and what is older than what the same mirror served
 * before; with SOURCE_CORRUPT what is another branch's or another architecture's. Offline, the last
 * one that was believed is read again, and OFFLINE thrown when there is none.
 */
export async function signedApkIndex(
  place: ApkRepository,
  keys: ApkKeys,
  context: AlpineContext,
  io: Io,
): Promise<SignedApkIndex> {
  const { mirror, repository, arch } = place;
  const { store } = context;
  const url = below(mirror, `${repository}/${arch}/APKINDEX.tar.gz`);
  const what = withoutCredentials(url);
  const state = rememberedIndexFile(store.folder, 'alpine', what);
  const seen = await recallIndex(state);
  const isRemote = !url.startsWith('file:');
  const file =
    context.offline && isRemote
      ? await rememberedBytes(seen, what, store, io)
      : await fetchIndex(url, place, store, io);
  const { signed, signedBy, signature } = await verifyApkSignature(file, keys, what, {
    now: context.now,
  });
  const index = await readApkIndex(signed, place, what, io);
  const sha256 = sha256OfBytes(file);
  if (!context.offline) {
    refuseOlderIndex(seen, index.date, what, state);
    await store.write(whole(file), sha256);
    await rememberIndex(state, { place: what, date: index.date, sha256 });
  }
  const shown = withoutCredentials(mirror);
  const { date } = index;
  const locked = { repository, mirror: shown, date, sha256, signedBy, signature };
  return { ...place, ...index, file, locked };
}

async function fetchIndex(
  url: string,
  { mirror, repository, arch }: ApkRepository,
  store: Store,
  io: Io,
): Promise<Buffer> {
  try {
    return Buffer.from(await store.fetchBytes(url, { maxBytes: maxIndexBytes }, io));
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw new MkbaseError({
      code: 'SOURCE_UNREACHABLE',
      message: `${withoutCredentials(mirror)} has no package index of ${repository} for ${arch}: ${withoutCredentials(url)} is not there.`,
      hint: 'Packages need a mirror with whole repositories, not only releases: name one with --mirror.',
      cause: error,
    });
  }
}

/** Reads the signed bytes of an index. Throws SOURCE_CORRUPT for that of another branch or architecture. */
export async function readApkIndex(
  signed: Buffer,
  { repository, arch }: ApkRepository,
  what: string,
  { signal }: Io,
): Promise<ApkIndex> {
  const limits = { maxBytes: maxUnpacked, what, signal };
  const files = await readFiles(decompress(whole(signed), 'gz', limits), limits);
  const text = files.find(({ path }) => path === 'APKINDEX');
  const description = files.find(({ path }) => path === 'DESCRIPTION')?.bytes.toString('utf8');
  if (text === undefined) throw corrupt(what, 'it holds no APKINDEX');
  const about = { description: (description ?? '').trim(), date: Math.max(0, text.mtime) };
  checkBranch(about.description, repository, what);
  try {
    return openApkIndex(text.bytes, arch, about);
  } catch (error) {
    if (error instanceof SyntaxError) throw corrupt(what, error.message, error);
    throw error;
  }
}

/**
 * A signature covers an index but not its place: a mirror could pass off another branch's. Alpine's
 * indexes say which they are of, as `git describe` does: `v3.20.3-120-g5f6b2ab1cbb`.
 */
function checkBranch(description: string, repository: string, what: string): void {
  const stated = /^v\d+\.\d+(?=[._-])/.exec(description)?.[0];
  const branch = /^v\d+\.\d+(?=\/)/.exec(repository)?.[0];
  if (stated === undefined || branch === undefined || stated === branch) return;
  throw corrupt(what, `it is that of ${stated}, by its own words (${description})`);
}

const corrupt = (what: string, problem: string, cause?: unknown) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what} is not the package index that was asked for: ${problem}.`,
    hint: 'Its signature holds, so the mirror has mixed something up: use another one with --mirror, or report it.',
    cause,
  });

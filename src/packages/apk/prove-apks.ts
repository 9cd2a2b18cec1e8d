import type { Io } from '../../base/events.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { pastCheck } from '../keyrings/judge-key.ts';
import { below } from '../mirror-url.ts';
import { fetchPinned, pinnedBytes } from '../pinned-bytes.ts';
import {
  attempt,
  contradicted,
  disagrees,
  joinProofs,
  ProvenInput,
  requireSame,
  type SetProof,
  SignedFile,
  unproven,
} from '../proof.ts';
import { apkDownloads } from './apk-downloads.ts';
import { verifyApkSignature } from './apk-signature.ts';
import { checkApk } from './check-apk.ts';
import { type ApkDistributionId, alpine } from './distribution.ts';
import type { ApkKeys } from './keys.ts';
import { listedApk } from './listed-apk.ts';
import { indexOfApk, type LockedApk, type LockedApkIndex, type LockedApks } from './locked-apks.ts';
import { type AlpineContext, alpineMirror } from './mirror.ts';
import { maxIndexBytes, readApkIndex, type SignedApkIndex } from './signed-index.ts';

/** The keys, repositories and architecture that a recipe, or its root filesystem, believes. */
export interface AskedRepositories {
  readonly keys: ApkKeys;
  /** Names of keys that do not ship with mkbase. */
  readonly foreign: ReadonlySet<string>;
  /** Paths below a mirror's root. */
  readonly repositories: readonly string[];
  /** In Alpine's words. */
  readonly arch: string;
  /** Alpine when left out. */
  readonly distribution?: ApkDistributionId | undefined;
  /** The recipe's own mirror. */
  readonly mirror?: string | undefined;
}

function indexDownload(
  { repository, mirror, sha256 }: LockedApkIndex,
  { arch, mirror: ofRecipe }: AskedRepositories,
  context: AlpineContext,
): Download {
  const roots = new Set([alpineMirror({ mirror: ofRecipe }, context), mirror]);
  const urls = [...roots].map((root) => below(root, `${repository}/${arch}/APKINDEX.tar.gz`));
  return { urls, sha256, maxBytes: maxIndexBytes };
}

/** Reads the index that a lock pins. Throws SOURCE_UNTRUSTED where it is not as the lock says. */
async function pinnedIndex(
  locked: LockedApkIndex,
  asked: AskedRepositories,
  context: AlpineContext,
  io: Io,
): Promise<SignedApkIndex> {
  const { repository, mirror } = locked;
  if (!asked.repositories.includes(repository)) {
    throw disagrees('the repository', repository, asked.repositories.join(', '));
  }
  const file = await pinnedBytes(indexDownload(locked, asked, context), context, io);
  const what = `APKINDEX of ${repository} (${locked.sha256.slice(0, 12)})`;
  const { signed, signedBy, signature } = await verifyApkSignature(file, asked.keys, what, {
    now: context.now,
    signedAt: new Date(locked.date * 1000),
    past: pastCheck(context, io),
  });
  const place = { mirror, repository, arch: asked.arch };
  const index = await readApkIndex(signed, place, what, io);
  requireSame(what, { ...locked }, { date: index.date, signedBy, signature });
  return { ...place, ...index, file, locked };
}

/** Compares a locked package with its listing, and its bytes with that. Throws SOURCE_UNTRUSTED. */
async function proveOne(
  locked: LockedApk,
  index: SignedApkIndex,
  { store }: AlpineContext,
): Promise<ProvenInput> {
  const { name, version, sha256 } = locked;
  const what = `${name} ${version} in ${index.repository}`;
  const stanza = index.find(name).find((each) => each.get('V') === version);
  if (stanza === undefined) {
    throw disagrees(`the sha256 of ${what}`, sha256, 'nothing: it lists no such package');
  }
  const { built: _, ...listed } = listedApk(stanza, index);
  requireSame(what, { ...locked }, listed);
  await checkApk(store.read(sha256), { ...listed, built: 0 }, what);
  return ProvenInput.seen(sha256, 'index');
}

async function proveRepository(
  locked: LockedApks,
  index: LockedApkIndex,
  asked: AskedRepositories,
  context: AlpineContext,
  io: Io,
): Promise<SetProof> {
  const { repository, sha256 } = index;
  const own = (each: LockedApk) => indexOfApk(each, locked.indexes) === index;
  const all = [...locked.packages, ...(locked.tools ?? [])].filter(own);
  const file = { sha256, name: `APKINDEX of ${repository}` };
  return attempt(file, all, async () => {
    const open = await pinnedIndex(index, asked, context, io);
    const signed = SignedFile.seen(sha256, [index.signedBy], asked.foreign.has(index.signedBy));
    const name = `packages of ${repository}`;
    const listed = await attempt({ sha256, name }, all, async () => {
      const downloads = apkDownloads(
        { ...locked, packages: all, tools: [] },
        asked.mirror,
        context,
      );
      await fetchPinned(downloads, context, io);
      const inputs: ProvenInput[] = [];
      for (const each of all) inputs.push(await proveOne(each, open, context));
      return { signed: [], inputs, refusals: [] };
    });
    return { ...listed, signed: [signed] };
  });
}

/**
 * Follows the chain of trust for locked packages: a key signed the index of a repository that the recipe
 * asks for, which lists each package with all its fields, among them the checksum by which the package's
 * own bytes are held.
 */
export async function proveApks(
  locked: LockedApks,
  asked: AskedRepositories,
  context: AlpineContext,
  io: Io,
): Promise<SetProof> {
  const { arch, indexes, packages, tools = [] } = locked;
  const { distro = alpine.id } = locked;
  const { distribution = alpine.id } = asked;
  const error =
    arch !== asked.arch
      ? disagrees('the architecture', arch, asked.arch, 'the recipe')
      : distro !== distribution
        ? disagrees('the distribution', distro, distribution, 'the recipe')
        : undefined;
  if (error !== undefined) {
    return contradicted([...packages, ...tools], error, indexes[0]?.sha256);
  }
  const parts: SetProof[] = [];
  for (const index of indexes) {
    parts.push(await proveRepository(locked, index, asked, context, io));
  }
  const stray = [...packages, ...tools].filter((each) => indexOfApk(each, indexes) === undefined);
  return joinProofs([...parts, unproven(stray, 'it is of no index of its lock')]);
}

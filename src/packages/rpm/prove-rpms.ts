import type { Io } from '../../base/events.ts';
import { mapConcurrent } from '../../base/map-concurrent.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { pastCheck } from '../keyrings/judge-key.ts';
import { findShippedKey } from '../keyrings/shipped.ts';
import { below } from '../mirror-url.ts';
import { verifyDetached } from '../openpgp/signature.ts';
import { fetchPinned, pinnedBytes } from '../pinned-bytes.ts';
import {
  attempt,
  contradicted,
  disagrees,
  joinProofs,
  type LockContradicted,
  ProvenInput,
  requireSame,
  requireSigners,
  type SetProof,
  SignedFile,
} from '../proof.ts';
import { evrText } from './evr.ts';
import type { AskedRepository, RpmContext } from './fetch/asked-repository.ts';
import { readListed } from './fetch/listed-rpms.ts';
import { metadataDownload, requiredFile } from './fetch/signed-repository.ts';
import { verifyStored } from './fetch/verify-listed.ts';
import {
  type LockedRpm,
  type LockedRpmRepository,
  type LockedRpms,
  repositoryOf,
} from './locked-rpms.ts';
import { maxRepomdBytes, type Repomd, readRepomd } from './repository/repomd.ts';
import { repomdName, repomdPath, signaturePath } from './rpm-inputs.ts';

const concurrency = 4;
const maxSignatureBytes = 1024 * 1024;

const rootsOf = (asked: AskedRepository, { url }: LockedRpmRepository): string[] => [
  ...new Set([asked.url, url]),
];

/** Returns what to download for locked packages; the mirror of this run comes before the lock's. */
export function rpmDownloads(
  { packages, repositories }: LockedRpms,
  asked: ReadonlyMap<string, Pick<AskedRepository, 'url'>>,
): Download[] {
  return packages.map((each) => {
    const recorded = repositoryOf(each, repositories)?.url;
    const roots = [asked.get(each.repository)?.url, recorded].filter((root) => root !== undefined);
    const urls = [...new Set(roots)].map((root) => below(root, each.href));
    return { urls, sha256: each.sha256, size: each.size };
  });
}

/** A locked repository, and the one that the recipe asks for by that name. */
interface Pair {
  readonly locked: LockedRpmRepository;
  readonly asked: AskedRepository;
}

const pinnedFile = (
  { locked, asked }: Pair,
  path: string,
  sha256: string,
  maxBytes: number,
): Download => ({
  urls: rootsOf(asked, locked).map((root) => below(root, path)),
  sha256,
  maxBytes,
});

/** A signed list that a lock pins; nothing vouches for one that is not signed, and it is not read. */
interface PinnedList {
  readonly repomd?: Repomd;
  readonly signed: readonly SignedFile[];
}

/** Reads the signed list that a lock pins. Throws SOURCE_UNTRUSTED where its signature does not hold. */
async function pinnedList(pair: Pair, context: RpmContext, io: Io): Promise<PinnedList> {
  const { locked, asked } = pair;
  const what = repomdName(locked);
  if (locked.signed !== asked.signed) {
    throw disagrees(`how ${locked.name} is signed`, locked.signed, asked.signed, 'the recipe');
  }
  const { signature } = locked;
  if (signature === undefined) return { signed: [] };
  const list = pinnedFile(pair, repomdPath, locked.sha256, maxRepomdBytes);
  const bytes = await pinnedBytes(list, context, io);
  const file = pinnedFile(pair, signaturePath, signature.sha256, maxSignatureBytes);
  const packets = await pinnedBytes(file, context, io);
  const past = pastCheck(context, io);
  const check = { keys: asked.keys, what, now: context.now, past, strongKeys: true };
  const source = (async function* () {
    yield bytes;
  })();
  const found = await verifyDetached(source, packets, check);
  requireSigners(what, signature.signedBy, found);
  const foreign = (await Promise.all(found.map(findShippedKey))).every((key) => key === undefined);
  const signed = [locked.sha256, signature.sha256].map((sha256) =>
    SignedFile.seen(sha256, found, foreign),
  );
  const repomd = await readRepomd(bytes, what);
  requireSame(what, { date: locked.date }, { date: repomd.date });
  return { repomd, signed };
}

/** Requires that a signed list names each of these packages. Throws SOURCE_UNTRUSTED. */
async function checkListed(
  pair: Pair,
  repomd: Repomd,
  packages: readonly LockedRpm[],
  context: RpmContext,
  io: Io,
): Promise<void> {
  const { locked, asked } = pair;
  const what = `the packages of ${locked.name}`;
  const primary = requiredFile(repomd, 'primary', what);
  await fetchPinned([metadataDownload(primary, rootsOf(asked, locked), what)], context, io);
  const missing = new Map(packages.map((each) => [each.sha256, each]));
  await readListed(
    primary,
    context.store,
    (listed) => {
      const found = missing.get(listed.checksum.digest);
      if (found === undefined) return;
      const { name, arch: architecture, href, size } = listed;
      const stated = { name, architecture, href, size, version: evrText(listed) };
      requireSame(`${name} in ${locked.name}`, { ...found }, stated);
      missing.delete(found.sha256);
    },
    what,
    io,
  );
  const [first] = missing.values();
  if (first === undefined) return;
  const { name, sha256 } = first;
  throw disagrees(
    `the sha256 of ${name} in ${locked.name}`,
    sha256,
    'nothing: it lists no such package',
  );
}

async function proveOne(
  each: LockedRpm,
  { asked, locked }: Pair,
  context: RpmContext,
  io: Io,
): Promise<ProvenInput> {
  const { name, version, sha256 } = each;
  const what = `${name} ${version} of ${locked.name}`;
  const { stated: whole } = await verifyStored(
    { sha256, what },
    asked,
    context,
    pastCheck(context, io),
    io,
  );
  const { source, signedBy, ...stated } = whole;
  requireSame(what, { ...each }, stated);
  requireSame(`the source of ${what}`, each.source, source);
  requireSigners(what, each.signedBy, signedBy);
  return ProvenInput.seen(sha256, locked.signed === 'repomd' ? 'index' : 'signature');
}

async function provePackages(
  pair: Pair,
  repomd: Repomd | undefined,
  all: LockedRpms,
  context: RpmContext,
  io: Io,
): Promise<SetProof> {
  const { packages } = all;
  if (repomd !== undefined) await checkListed(pair, repomd, packages, context, io);
  const asked = new Map([[pair.asked.name, pair.asked]]);
  await fetchPinned(rpmDownloads(all, asked), context, io);
  const prove = (each: LockedRpm, group: Io) => proveOne(each, pair, context, group);
  return {
    signed: [],
    inputs: await mapConcurrent(packages, concurrency, prove, io),
    refusals: [],
  };
}

/** What a recipe asks for: the architecture in rpm's words, the distribution if it names one, its repositories. */
export interface AskedRpms extends Pick<LockedRpms, 'arch' | 'distro'> {
  readonly repositories: readonly AskedRepository[];
}

/** Returns the error of a lock for another architecture or distribution than the recipe's; undefined for none. */
function otherPlace(locked: LockedRpms, asked: AskedRpms): LockContradicted | undefined {
  if (locked.arch !== asked.arch) {
    return disagrees('the architecture', locked.arch, asked.arch, 'the recipe');
  }
  const shown = ({ distro }: Pick<LockedRpms, 'distro'>) =>
    distro === undefined ? 'none' : `${distro.id} (${distro.release})`;
  if (shown(locked) === shown(asked)) return undefined;
  return disagrees('the distribution', shown(locked), shown(asked), 'the recipe');
}

/**
 * Follows the signatures of locked packages: of the lists that are signed, of what these list, and of every
 * package itself, by the keys that the recipe believes for its repository. Errors: IO, NO_SPACE, INTERRUPTED.
 */
export async function proveRpms(
  locked: LockedRpms,
  asked: AskedRpms,
  context: RpmContext,
  io: Io,
): Promise<SetProof> {
  const { repositories } = asked;
  const error = otherPlace(locked, asked);
  if (error !== undefined) {
    return contradicted(locked.packages, error, locked.repositories[0]?.sha256);
  }
  const proofs: SetProof[] = [];
  for (const each of locked.repositories) {
    const packages = locked.packages.filter(
      (one) => repositoryOf(one, locked.repositories) === each,
    );
    const { name, sha256 } = each;
    const file = { sha256, name: repomdName(each) };
    const proof = await attempt(file, packages, async () => {
      const own = repositories.find((one) => one.name === name);
      if (own === undefined) {
        const names = repositories.map((one) => one.name).join(', ');
        throw disagrees('the repository', name, names, 'the recipe');
      }
      const pair = { locked: each, asked: own };
      const { repomd, signed } = await pinnedList(pair, context, io);
      const of = { sha256, name: `packages of ${name}` };
      const inputs = await attempt(of, packages, () =>
        provePackages(pair, repomd, { ...locked, packages }, context, io),
      );
      return joinProofs([{ signed, inputs: [], refusals: [] }, inputs]);
    });
    proofs.push(proof);
  }
  return joinProofs(proofs);
}

/** Returns the lists of packages of the signed repositories that the store has: for bundles. */
export async function rpmIndexFiles(
  { repositories }: LockedRpms,
  { store }: RpmContext,
  io: Io,
): Promise<{ sha256: string; name: string }[]> {
  const files: { sha256: string; name: string }[] = [];
  for (const { name, sha256, signature } of repositories) {
    if (signature === undefined || !(await store.verify(sha256, io))) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(sha256)) chunks.push(chunk);
    const { files: listed } = await readRepomd(Buffer.concat(chunks), name);
    const primary = listed.get('primary')?.checksum.digest;
    if (primary === undefined || !(await store.verify(primary, io))) continue;
    files.push({ sha256: primary, name: `primary.xml of ${name}` });
  }
  return files;
}

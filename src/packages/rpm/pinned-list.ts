import type { Io } from '../../base/events.ts';
import { whole } from '../../base/whole.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { pastCheck } from '../keyrings/judge-key.ts';
import { findShippedKey } from '../keyrings/shipped.ts';
import { below } from '../mirror-url.ts';
import { verifyDetached } from '../openpgp/signature.ts';
import { fetchPinned, pinnedBytes } from '../pinned-bytes.ts';
import { disagrees, requireSame, requireSigners, SignedFile } from '../proof.ts';
import { evrText } from './evr.ts';
import type { AskedRepository, RpmContext } from './fetch/asked-repository.ts';
import { readListed } from './fetch/listed-rpms.ts';
import { metadataDownload, requiredFile } from './fetch/metadata-files.ts';
import { maxSignatureBytes } from './fetch/signed-repository.ts';
import type { LockedRpm, LockedRpmRepository } from './locked-rpms.ts';
import { maxRepomdBytes, type Repomd, readRepomd } from './repository/repomd.ts';
import { repomdName, repomdPath, signaturePath } from './rpm-inputs.ts';

const rootsOf = (asked: AskedRepository, { url }: LockedRpmRepository): string[] => [
  ...new Set([asked.url, url]),
];

/** A locked repository, and the one that the recipe asks for by that name. */
export interface Pair {
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
export interface PinnedList {
  readonly repomd?: Repomd;
  readonly signed: readonly SignedFile[];
}

/** Reads the signed list that a lock pins. Throws SOURCE_UNTRUSTED where its signature does not hold. */
export async function pinnedList(pair: Pair, context: RpmContext, io: Io): Promise<PinnedList> {
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
  const found = await verifyDetached(whole(bytes), packets, check);
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
export async function checkListed(
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

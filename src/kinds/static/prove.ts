import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { debianContext } from '../../packages/deb/archive/debian-context.ts';
import { proveSource } from '../../packages/deb/archive/prove-source.ts';
import { readKeyFiles } from '../../packages/openpgp/keys.ts';
import { proveDetached } from '../../packages/openpgp/prove-detached.ts';
import {
  attempt,
  disagrees,
  nothingToProve,
  ProvenInput,
  type SetProof,
} from '../../packages/proof.ts';
import type { RunSources } from '../../packages/sources.ts';
import type { Wanted } from '../contract.ts';
import { archiveDownloads, type WantedArchive } from './archive.ts';
import type { LockedArchive, LockedStatic } from './locked-archive.ts';
import { fetchedArchive, type StaticSource } from './schema.ts';

type UrlArchive = Extract<WantedArchive, { readonly url: string }>;

async function proveUrl(
  wanted: UrlArchive,
  archive: LockedArchive,
  folder: string,
  sources: RunSources,
  io: Io,
): Promise<SetProof> {
  const { name, sha256, trust } = archive;
  if (sha256 !== wanted.sha256) {
    throw disagrees(`the sha256 of ${name}`, sha256, wanted.sha256, 'the recipe');
  }
  const by = wanted.signature === undefined ? 'recipe' : 'signature';
  if (trust.by !== by) throw disagrees(`the trust in ${name}`, trust.by, by, 'the recipe');
  if (wanted.signature === undefined || trust.by !== 'signature') {
    return { ...nothingToProve, inputs: [ProvenInput.seen(sha256, 'recipe')] };
  }
  const keys = await readKeyFiles([join(folder, wanted.signature.key)]);
  const [download] = archiveDownloads(archive, { url: wanted.url });
  const signature = { ...trust, urls: [wanted.signature.url, trust.url] };
  return proveDetached(
    { name, download: download!, signature },
    { keys, foreign: true },
    sources,
    io,
  );
}

/**
 * Proves the upstream archive of a program by what the recipe asks for: the digest that it states, the
 * signature that it names, or the source package of a signed suite.
 */
export async function proveStatic(
  { source, folder, platform }: Wanted<StaticSource>,
  { archive }: LockedStatic,
  sources: RunSources,
  io: Io,
): Promise<SetProof> {
  if (archive === undefined) return nothingToProve;
  const wanted = fetchedArchive(source);
  return attempt(archive, [archive], async () => {
    if (wanted === undefined) throw disagrees('the archive', archive.name, 'none', 'the recipe');
    if ('url' in wanted) return proveUrl(wanted, archive, folder, sources, io);
    const { trust, size, version } = archive;
    if (trust.by !== 'index' || size === undefined || version === undefined) {
      throw disagrees(`the trust in ${archive.name}`, trust.by, 'index', 'the recipe');
    }
    const context = await debianContext({}, platform, sources);
    return proveSource({ ...archive, size, version, trust }, wanted, context, io);
  });
}

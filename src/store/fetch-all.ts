import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { together } from '../base/map-concurrent.ts';
import { findBlob } from './blob.ts';
import { downloadBlob } from './download-blob.ts';
import type { Layout } from './layout.ts';
import type { DownloadLimits } from './limits.ts';
import { isLocal, offlineError } from './offline.ts';
import { trackProgress } from './progress.ts';
import { nameOf, showUrl } from './show-url.ts';
import type { BlobRef, Download } from './store.ts';

/**
 * Looks up each download's blob, fetches the missing ones, and resolves to all of them in the order
 * asked for. The first that fails stops the others.
 */
export async function fetchAll(
  downloads: readonly Download[],
  layout: Layout,
  { offline, limits }: { readonly offline: boolean; readonly limits: DownloadLimits },
  io: Io,
): Promise<BlobRef[]> {
  const wanted = [...new Map(downloads.map((each) => [each.sha256, each])).values()];
  const find = async (each: Download) => [each, await findStored(each, layout, io)] as const;
  const found = await together(wanted, limits.concurrency, find, io);
  const missing = found.flatMap(([each, blob]) => (blob === undefined ? [each] : []));
  const fetched = await fetchMissing(offline ? localOnly(missing) : missing, layout, limits, io);
  const blobs = new Map<string, BlobRef>();
  for (const blob of [...found.map(([, blob]) => blob), ...fetched]) {
    if (blob !== undefined) blobs.set(blob.sha256, blob);
  }
  return downloads.map(({ sha256 }) => blobs.get(sha256) as BlobRef);
}

async function fetchMissing(
  missing: readonly Download[],
  layout: Layout,
  limits: DownloadLimits,
  io: Io,
): Promise<BlobRef[]> {
  if (missing.length === 0) return [];
  const progress = trackProgress(totalOf(missing), io.emit);
  const fetch = (download: Download, group: Io) => {
    const name = nameOf(download.urls[0] ?? '');
    const onBytes = (difference: number) => progress.moved(name, difference);
    return downloadBlob(download, layout, limits, onBytes, group);
  };
  const fetched = await together(missing, limits.concurrency, fetch, io);
  progress.finish();
  return fetched;
}

/** The stored blob, unless a size is stated that it does not have: then the lock contradicts itself. */
async function findStored(
  { sha256, size, urls }: Download,
  layout: Layout,
  io: Io,
): Promise<BlobRef | undefined> {
  const blob = await findBlob(layout, sha256, io);
  if (blob === undefined || size === undefined || blob.size === size) return blob;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${showUrl(urls[0] ?? sha256)}: the bytes with sha256 ${sha256} are ${blob.size} long; ${size} were expected.`,
    hint: 'The lock or the index names a wrong size: pin anew with `mkbase update`.',
  });
}

/** What can be had without the network. Errors: OFFLINE, naming the rest. */
function localOnly(missing: readonly Download[]): Download[] {
  const local = missing.map((each) => ({ ...each, urls: each.urls.filter(isLocal) }));
  const remote = missing.filter((_, index) => local[index]?.urls.length === 0);
  if (remote.length > 0) throw offlineError(remote);
  return local;
}

function totalOf(downloads: readonly Download[]): number | undefined {
  return downloads.reduce<number | undefined>(
    (total, { size }) => (total === undefined || size === undefined ? undefined : total + size),
    0,
  );
}

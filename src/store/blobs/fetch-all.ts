import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { mapConcurrent } from '../../base/map-concurrent.ts';
import { turns } from '../../base/turns.ts';
import { nameOf, showUrl } from '../show-url.ts';
import { isLocal, offlineError } from '../transfer/failure.ts';
import { trackProgress } from '../transfer/progress.ts';
import type { Network } from '../transfer/transfer.ts';
import { findBlob } from './blob.ts';
import { type Download, downloadBlob } from './download-blob.ts';
import { type BlobRef, blobPath, type Layout } from './layout.ts';

/** The way in which blobs are fetched. */
export interface FetchAllOptions {
  readonly offline: boolean;
  readonly network: Network;
}

/**
 * Looks up each download's blob, fetches the missing ones, and resolves to all of them in the order
 * asked for. The first that fails stops the others.
 */
export async function fetchAll(
  downloads: readonly Download[],
  layout: Layout,
  { offline, network }: FetchAllOptions,
  io: Io,
): Promise<BlobRef[]> {
  const wanted = [...new Map(downloads.map((each) => [each.sha256, each])).values()];
  const find = async (each: Download) => [each, await findStored(each, layout, io)] as const;
  const found = await mapConcurrent(wanted, network.limits.concurrency, find, io);
  const missing = found.flatMap(([each, blob]) => (blob === undefined ? [each] : []));
  const fetched = await fetchMissing(offline ? localOnly(missing) : missing, layout, network, io);
  const blobs = new Map<string, BlobRef>();
  for (const blob of [...found.map(([, blob]) => blob), ...fetched]) {
    if (blob !== undefined) blobs.set(blob.sha256, blob);
  }
  return downloads.map(({ sha256 }) => blobs.get(sha256) as BlobRef);
}

/** Several builds of one process do not download a blob twice. */
const inTurn = turns();

async function fetchMissing(
  missing: readonly Download[],
  layout: Layout,
  network: Network,
  io: Io,
): Promise<BlobRef[]> {
  if (missing.length === 0) return [];
  const progress = trackProgress('fetch', totalOf(missing), io.emit);
  const fetch = (download: Download, group: Io) => {
    const name = nameOf(download.urls[0] ?? '');
    const onBytes = (difference: number) => progress.moved(name, difference);
    return inTurn(blobPath(layout, download.sha256), async () => {
      const blob = await findStored(download, layout, group);
      return blob ?? downloadBlob(download, layout, network, onBytes, group);
    });
  };
  const fetched = await mapConcurrent(missing, network.limits.concurrency, fetch, io);
  progress.finish();
  return fetched;
}

/**
 * Finds a stored blob. Throws SOURCE_CORRUPT when its size is not the stated one: the lock
 * contradicts itself.
 */
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

/** Leaves only the URLs that need no network. Errors: OFFLINE, naming the downloads that have none. */
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

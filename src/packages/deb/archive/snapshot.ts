import { below } from '../../mirror-url.ts';
import type { LockedIndex } from '../locked-debs.ts';
import type { Mirrors } from './mirrors.ts';

/** Added to an index's date: a state is taken hours after it, and a mirror keeps replaced files a while. */
const settleSeconds = 24 * 60 * 60;

/**
 * Formats a time as `20260910T081541Z`: the archive answers with the last state up to then
 * (snapshot.debian.org, "Usage").
 */
const stamp = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '');

/**
 * Returns the URLs of a file as it was at the time of an index, since a mirror keeps current versions
 * only; none for distributions without such an archive. `path` is below the mirror's root.
 */
export function snapshotUrls(
  { snapshot }: Mirrors,
  index: Pick<LockedIndex, 'suite' | 'date'> | undefined,
  path: string,
): string[] {
  if (snapshot === undefined || index === undefined) return [];
  const archive = index.suite.endsWith('-security') ? 'debian-security' : 'debian';
  return [below(snapshot, `${archive}/${stamp(index.date + settleSeconds)}/${path}`)];
}

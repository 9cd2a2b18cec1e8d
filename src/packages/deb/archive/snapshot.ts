import { below } from '../../mirror-url.ts';
import type { LockedIndex } from '../locked-debs.ts';
import type { Mirrors } from './mirrors.ts';
import { type MirrorPlace, placeOf } from './releases.ts';

const hour = 60 * 60;

/** Added to an index's date: a state is taken hours after it, and a mirror keeps replaced files a while. */
const settleSeconds = 24 * hour;

/**
 * Times after an index's date at which the state may still have that index: states are taken every six
 * hours, and a security suite is signed anew several times a day.
 */
const indexSeconds = [6 * hour, settleSeconds];

/**
 * Formats a time as `20260910T081541Z`: the archive answers with the last state up to then
 * (snapshot.debian.org, "Usage").
 */
const stamp = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '');

/**
 * Returns the roots of the states of an archive that may have an index, or the files that it lists: a
 * mirror keeps current versions only. None for distributions without such an archive.
 */
export function snapshotRoots(
  { snapshot }: Mirrors,
  index: Pick<LockedIndex, 'suite' | 'date'> | undefined,
  after: readonly number[] = indexSeconds,
): string[] {
  if (snapshot === undefined || index === undefined) return [];
  const place = placeOf(index.suite);
  return after.flatMap((seconds) => snapshotAt({ snapshot }, place, index.date + seconds));
}

/** Returns the root of the last state of an archive up to a time, in seconds since 1970, if there is one. */
export function snapshotAt(
  { snapshot }: Pick<Mirrors, 'snapshot'>,
  place: MirrorPlace,
  seconds: number,
): string[] {
  const archive = place === 'security' ? 'debian-security' : 'debian';
  return snapshot === undefined ? [] : [below(snapshot, `${archive}/${stamp(seconds)}`)];
}

/** Returns the URLs of a file as it was a day after an index; `path` is below the mirror's root. */
export const snapshotUrls = (
  mirrors: Mirrors,
  index: Pick<LockedIndex, 'suite' | 'date'> | undefined,
  path: string,
): string[] => snapshotRoots(mirrors, index, [settleSeconds]).map((root) => below(root, path));

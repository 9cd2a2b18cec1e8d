import type { ReleaseSupport } from '../../base/release-support.ts';

/** Branches of Alpine, the oldest first, and the last days of their support (alpinelinux.org/releases). */
export const branchEnds: ReadonlyMap<string, string> = new Map([
  ['3.16', '2024-05-23'],
  ['3.17', '2024-11-22'],
  ['3.18', '2025-05-09'],
  ['3.19', '2025-11-01'],
  ['3.20', '2026-04-01'],
  ['3.21', '2026-11-01'],
  ['3.22', '2027-05-01'],
  ['3.23', '2027-11-01'],
]);

/** Returns until when a branch, or a release of it, is supported; undefined for one that is not known. */
export function supportOfAlpine(release: string): ReleaseSupport | undefined {
  const branch = release.split('.').slice(0, 2).join('.');
  const until = branchEnds.get(branch);
  return until === undefined ? undefined : { title: `Alpine ${branch}`, until };
}

import type { Lock } from '../../lock/locked.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const daySeconds = 86_400;

/** A part of a lock that its signer dated. */
interface Dated {
  readonly what: string;
  /** Seconds since 1970. */
  readonly dates: readonly number[];
}

/**
 * Returns the dates of each part of a lock. A set of packages is as new as the newest of its indexes: the
 * index of a released suite changes only with a point release, that of its security suite with each update.
 */
function datedParts({ debs, apks, rootfs, archive, toolchain }: Lock): Dated[] {
  const datesOf = (indexes: readonly { readonly date: number }[]) =>
    indexes.map(({ date }) => date);
  const parts = [
    { what: 'packages', dates: datesOf(debs?.indexes ?? []) },
    { what: 'apk packages', dates: datesOf(apks?.indexes ?? []) },
    { what: 'root filesystem', dates: rootfs?.release ? [rootfs.release.date] : [] },
    {
      what: 'source archive',
      dates: archive?.trust.by === 'index' ? [archive.trust.index.date] : [],
    },
    { what: 'toolchain', dates: datesOf(toolchain?.debs.indexes ?? []) },
  ];
  return parts.filter(({ dates }) => dates.length > 0);
}

/** Finds parts of a lock whose newest index or release is older than allowed. */
export function indexAge(
  { most }: RuleSettings<'indexAge'>,
  { lock, now }: PolicySubject,
): Violation[] {
  const days = Number.parseInt(most, 10);
  return datedParts(lock).flatMap(({ what, dates }) => {
    const newest = Math.max(...dates);
    const age = Math.floor((now.getTime() / 1000 - newest) / daySeconds);
    if (age <= days) return [];
    const day = new Date(newest * 1000).toISOString().slice(0, 10);
    return [
      {
        kind: 'input',
        subject: what,
        message: `The newest index or release of the ${what} is of ${day}, ${age} days ago; at most ${days} are allowed.`,
        remedy: 'Lock anew with `mkbase update`, from a mirror that is up to date.',
      },
    ];
  });
}

import type { Warning } from '../../base/events.ts';
import type { LockedArchive } from './locked-archive.ts';

/**
 * The mark of a version that Debian corrected within a release: `1.26.3-3+deb13u10`. With `~deb13u1` a later
 * version was taken over whole, upstream's corrections with it; what comes after that is Debian's own.
 */
const corrected = /\+deb\d+u\d|~deb\d+u(?!1(?!\d))\d/;

/**
 * Warns that a program is made from upstream's archive while Debian has corrected its own: a scanner or a person
 * who goes by Debian's version would take what it corrected for done.
 */
export function debianChanges({ name, version, trust }: LockedArchive): Warning | undefined {
  if (trust.by !== 'index' || version === undefined || !corrected.test(version)) return undefined;
  return {
    code: 'without-debian-changes',
    message: `${name} is what upstream published: what Debian corrected in ${version}, mostly for security, is not in the program.`,
    advice:
      "Look at what was corrected (apt changelog, Debian's security tracker), and take a newer archive where it matters: another `suite`, or that of upstream by its `url`.",
  };
}

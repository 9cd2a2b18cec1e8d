import { mirrorUrl } from '../../mirror-url.ts';
import type { AptSource } from './apt-sources.ts';

/** The mirrors of a run. The URLs may carry credentials: for requests, never to be shown or kept. */
export interface Mirrors {
  /** Root of the archive: the folder that holds `dists/` and `pool/`. */
  readonly main: string;
  /** Root of the archive with the security suites. */
  readonly security: string;
  /**
   * Root of the archive of past states, slow, for the last resort; undefined for a distribution without
   * one.
   */
  readonly snapshot?: string;
  /** Roots of the archive that keeps the suites which have ended and left the mirrors. */
  readonly past?: { readonly main: string; readonly security: string };
}

/** The archive of suites that have ended: the folder that holds debian/ and debian-security/. */
const defaultPast = 'http://archive.debian.org';

const pastMirrors = (root: string) => ({
  main: `${root}/debian`,
  security: `${root}/debian-security`,
});

/** The mirrors that Debian itself names, used when nothing else is known. */
export const defaultMirrors: Required<Mirrors> = {
  main: 'http://ftp.debian.org/debian',
  security: 'http://security.debian.org/debian-security',
  snapshot: 'https://snapshot.debian.org/archive',
  past: pastMirrors(defaultPast),
};

/** Suites that only Debian has; third-party archives that reuse a codename are told apart below. */
const debianSuite =
  /^(?:bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable)(?:-(?:security|updates|backports))?$/;

/**
 * Tells if a source is the Debian archive: a suite of Debian, the component `main`, a plain URL, and
 * no key of somebody else's. Third parties use Debian's codenames too, with keys of their own.
 */
function isDebian(source: AptSource): boolean {
  const { uri, suite, components, signedBy } = source;
  return (
    debianSuite.test(suite) &&
    components.includes('main') &&
    /^(?:https?|file):/.test(uri) &&
    /\/debian(?:-security)?\/?$|snapshot\.debian\.org\//.test(uri) &&
    (signedBy === undefined || signedBy.includes('debian-archive'))
  );
}

/**
 * Chooses the mirrors. For the archive: the flag, else MKBASE_DEBIAN_MIRROR, else the recipe's, else the
 * host's apt, else Debian's own. For security updates: MKBASE_DEBIAN_SECURITY_MIRROR, else the host's
 * apt, else Debian's own; a main mirror that was named says nothing about them, because few mirrors
 * carry the security suites. Throws USAGE for a value that is no mirror.
 */
export function debianMirrors(from: {
  readonly flag?: string | undefined;
  /** The recipe's own. */
  readonly ofRecipe?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly aptSources?: readonly AptSource[];
}): Mirrors {
  const apt = (from.aptSources ?? []).filter(isDebian);
  const ofApt = (security: boolean) =>
    apt.find(({ suite }) => suite.endsWith('-security') === security)?.uri;
  const { MKBASE_SNAPSHOT_MIRROR: snapshot, MKBASE_DEBIAN_ARCHIVE: archive } = from.env;
  const past = first(['MKBASE_DEBIAN_ARCHIVE', archive], ['The default', defaultPast]);
  return {
    past: pastMirrors(past),
    snapshot: first(['MKBASE_SNAPSHOT_MIRROR', snapshot], ['The default', defaultMirrors.snapshot]),
    main: first(
      ['--mirror', from.flag],
      ['MKBASE_DEBIAN_MIRROR', from.env.MKBASE_DEBIAN_MIRROR],
      ['The recipe', from.ofRecipe],
      ["The host's apt", ofApt(false)],
      ['The default', defaultMirrors.main],
    ),
    security: first(
      ['MKBASE_DEBIAN_SECURITY_MIRROR', from.env.MKBASE_DEBIAN_SECURITY_MIRROR],
      ["The host's apt", ofApt(true)],
      ['The default', defaultMirrors.security],
    ),
  };
}

function first(
  ...candidates: readonly (readonly [setBy: string, value: string | undefined])[]
): string {
  const [setBy, value] = candidates.find(
    ([, candidate]) => candidate !== undefined && candidate !== '',
  )!;
  return mirrorUrl(value!, setBy, defaultMirrors.main);
}

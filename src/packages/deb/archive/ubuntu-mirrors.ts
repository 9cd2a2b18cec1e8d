import type { Platform } from '../../../base/platform.ts';
import { mirrorUrl } from '../../mirror-url.ts';
import type { Mirrors } from './mirrors.ts';

/** The archive of releases that have ended: the folder that holds ubuntu/. */
const defaultPast = 'http://old-releases.ubuntu.com';

/** Returns the mirrors that Ubuntu itself names; architectures other than amd64 and i386 are in its ports. */
export function defaultUbuntuMirrors({ debian }: Platform): Mirrors {
  const ports = 'http://ports.ubuntu.com/ubuntu-ports';
  return debian === 'amd64'
    ? { main: 'http://archive.ubuntu.com/ubuntu', security: 'http://security.ubuntu.com/ubuntu' }
    : { main: ports, security: ports };
}

/** The mirrors that were named for a run; without them Ubuntu's own are used. */
export interface NamedMirrors {
  readonly main: string | undefined;
  readonly security: string | undefined;
  /** Root of the archive of releases that have ended; Ubuntu's own when left out. */
  readonly past?: string | undefined;
}

/**
 * Returns the mirrors named for this run: the flag, else MKBASE_UBUNTU_MIRROR; and for security updates
 * MKBASE_UBUNTU_SECURITY_MIRROR. Throws USAGE for a value that is no mirror.
 */
export function namedUbuntuMirrors(from: {
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): NamedMirrors {
  const { MKBASE_UBUNTU_MIRROR: main, MKBASE_UBUNTU_SECURITY_MIRROR: security } = from.env;
  const past = url(from.env.MKBASE_UBUNTU_ARCHIVE, 'MKBASE_UBUNTU_ARCHIVE');
  return {
    main: from.flag ? url(from.flag, '--mirror') : url(main, 'MKBASE_UBUNTU_MIRROR'),
    security: url(security, 'MKBASE_UBUNTU_SECURITY_MIRROR'),
    ...(past !== undefined && { past }),
  };
}

const example = 'http://mirror.example/ubuntu';

const url = (value: string | undefined, setBy: string): string | undefined =>
  value ? mirrorUrl(value, setBy, example) : undefined;

/**
 * Chooses the mirrors of Ubuntu: this run's, else the recipe's, else Ubuntu's own. An
 * Ubuntu mirror carries the security suites, too, so a mirror that was named is asked for them.
 */
export function ubuntuMirrors(
  named: NamedMirrors,
  ofRecipe: string | undefined,
  platform: Platform,
): Mirrors {
  const defaults = defaultUbuntuMirrors(platform);
  const main = named.main ?? url(ofRecipe, 'The recipe');
  const past = `${named.past ?? defaultPast}/ubuntu`;
  return {
    main: main ?? defaults.main,
    security: named.security ?? main ?? defaults.security,
    past: { main: past, security: past },
  };
}

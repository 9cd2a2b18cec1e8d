import type { ReleaseSupport } from '../../../base/release-support.ts';

/** Distributions whose archives are read; each has keys, mirrors and a calendar of its own. */
export type DistributionName = 'debian' | 'ubuntu';

/** A release of a distribution; days are `YYYY-MM-DD`. */
export interface DebRelease {
  /** For instance `13` or `24.04 LTS`. */
  readonly version: string;
  /** Codename, which is the name of its suite. */
  readonly suite: string;
  /** Undefined for one that is not released and has no date. */
  readonly released?: string | undefined;
  /** Last day of regular support. */
  readonly ends?: string | undefined;
  /** Last day of Debian's long-term support, of which the project's own archive has the updates. */
  readonly longTerm?: string | undefined;
}

/**
 * Releases with their days, the oldest first: version, codename, release, end of regular support, end of
 * Debian's LTS. Taken from the package distro-info-data, version 2026.10.12-1 (columns version, series,
 * release, eol and eol-lts of debian.csv and ubuntu.csv). Support that is paid for is not in it.
 */
const tables: Readonly<Record<DistributionName, string>> = {
  debian: `
    7          wheezy    2013-05-04 2016-04-25 2018-05-31
    8          jessie    2015-04-26 2018-06-17 2020-06-30
    9          stretch   2017-06-17 2020-07-18 2022-06-30
    10         buster    2019-07-06 2022-09-10 2024-06-30
    11         bullseye  2021-08-14 2024-08-14 2026-08-31
    12         bookworm  2023-06-10 2026-07-11 2028-06-30
    13         trixie    2025-08-09 2028-08-09 2030-06-30
    14         forky
    15         duke`,
  ubuntu: `
    14.04_LTS  trusty    2014-04-17 2019-04-25
    16.04_LTS  xenial    2016-04-21 2021-04-30
    18.04_LTS  bionic    2018-04-26 2023-05-31
    18.10      cosmic    2018-10-18 2019-07-18
    19.04      disco     2019-04-18 2020-01-23
    19.10      eoan      2019-10-17 2020-07-17
    20.04_LTS  focal     2020-04-23 2025-05-29
    20.10      groovy    2020-10-22 2021-07-22
    21.04      hirsute   2021-04-22 2022-01-20
    21.10      impish    2021-10-14 2022-07-14
    22.04_LTS  jammy     2022-04-21 2027-06-01
    22.10      kinetic   2022-10-20 2023-07-20
    23.04      lunar     2023-04-20 2024-01-25
    23.10      mantic    2023-10-12 2024-07-11
    24.04_LTS  noble     2024-04-25 2029-05-31
    24.10      oracular  2024-10-10 2025-07-10
    25.04      plucky    2025-04-17 2026-01-15
    25.10      questing  2025-10-09 2026-07-09
    26.04_LTS  resolute  2026-04-23 2031-05-29
    26.10      stonking  2026-10-15 2027-07-15`,
};

function releaseOf(line: string): DebRelease {
  const [version = '', suite = '', released, ends, longTerm] = line.trim().split(/\s+/);
  return { version: version.replace('_', ' '), suite, released, ends, longTerm };
}

const rowsOf = (table: string): readonly DebRelease[] => table.trim().split('\n').map(releaseOf);

export const releases: Readonly<Record<DistributionName, readonly DebRelease[]>> = {
  debian: rowsOf(tables.debian),
  ubuntu: rowsOf(tables.ubuntu),
};

const pocket =
  /(?:-(?:security|updates|backports(?:-sloppy)?|proposed-updates|proposed)|\/updates)$/;

/** Tells whether a suite only adds to another one: its updates, its security updates, its backports. */
export const isPocket = (suite: string): boolean => pocket.test(suite);

/** Tells whether a suite has security updates, which lie on a mirror of their own. */
export const isSecurity = (suite: string): boolean => /(?:-security|\/updates)$/.test(suite);

/** Priority of a suite that says nothing of its own (apt_preferences(5)). */
export const usualPriority = 500;

/** The mirror that has a suite. */
export type MirrorPlace = 'main' | 'security';

/** Returns the mirror that has a suite of a distribution's own archive. */
export const placeOf = (suite: string): MirrorPlace => (isSecurity(suite) ? 'security' : 'main');

/** Returns the releases that are out, the oldest first. */
export const releasesOut = (distribution: DistributionName, now: Date): readonly DebRelease[] =>
  releases[distribution].filter(
    ({ released }) => released !== undefined && Date.parse(released) <= now.getTime(),
  );

/** Debian's aliases, by the number of releases between them and the newest. */
const aliases = ['stable', 'oldstable', 'oldoldstable'];

/** Returns the release that a suite, its alias or a pocket of it belongs to; undefined where none is known. */
export function releaseOfSuite(
  suite: string,
  distribution: DistributionName,
  now: Date,
): DebRelease | undefined {
  const name = suite.replace(pocket, '');
  const age = distribution === 'debian' ? aliases.indexOf(name) : -1;
  if (age < 0) return releases[distribution].find((each) => each.suite === name);
  return releasesOut(distribution, now).at(-1 - age);
}

/** Returns until when a suite is supported; undefined for one that is no release, such as sid. */
export function supportOfSuite(
  suite: string,
  distribution: DistributionName,
  now: Date,
): ReleaseSupport | undefined {
  const found = releaseOfSuite(suite, distribution, now);
  if (found === undefined) return undefined;
  const name = distribution === 'debian' ? 'Debian' : 'Ubuntu';
  const title = `${name} ${found.version} (${found.suite})`;
  return { title, until: found.ends, ...(found.longTerm && { longTerm: found.longTerm }) };
}

/**
 * Returns the suite of a release's security updates. Debian called it `<suite>/updates` up to buster
 * (release notes of Debian 11, section 5.1.2).
 */
export function securitySuite(suite: string, distribution: DistributionName): string {
  const order = releases.debian.map((each) => each.suite);
  const at = order.indexOf(suite);
  const isOld = distribution === 'debian' && at >= 0 && at < order.indexOf('bullseye');
  return isOld ? `${suite}/updates` : `${suite}-security`;
}

import {
  type DistributionName,
  isPocket,
  isSecurity,
  releaseOfSuite,
  releases,
} from './releases.ts';

export type { DistributionName };

/** A distribution's calendar, and the paths and names that are its own. */
export interface Distribution {
  readonly name: DistributionName;
  /** For people. */
  readonly title: string;
  /** Suites that receive updates themselves, with no update suites beside them. */
  readonly rolling: readonly string[];
  /** The debootstrap script that fits a suite which debootstrap does not know by name yet. */
  readonly script: string;
  /** Paths of its own keyring in a root filesystem, the best first. */
  readonly keyrings: readonly string[];
}

const debian: Distribution = {
  name: 'debian',
  title: 'Debian',
  rolling: ['sid', 'unstable', 'experimental', 'rc-buggy'],
  script: 'sid',
  keyrings: [
    'usr/share/keyrings/debian-archive-keyring.pgp',
    'usr/share/keyrings/debian-archive-keyring.gpg',
  ],
};

const ubuntu: Distribution = {
  name: 'ubuntu',
  title: 'Ubuntu',
  rolling: [],
  script: 'gutsy',
  keyrings: ['usr/share/keyrings/ubuntu-archive-keyring.gpg'],
};

export const distributions: Readonly<Record<DistributionName, Distribution>> = { debian, ubuntu };

/** Lists the suites that a person may have meant by a name that is no suite, the newest first. */
export const knownSuites = ({ name, rolling }: Distribution): string[] => [
  ...releases[name].map(({ suite }) => suite).reverse(),
  ...rolling,
];

/** The age up to which an index is taken. */
export interface AgeLimit {
  /** Days before `from`; an older index is refused though it is signed. */
  readonly days: number;
  /** Now, or the last day on which the suite was changed. */
  readonly from: Date;
}

/**
 * Returns the last day on which a suite was, or will be, changed. Debian makes the last point release when
 * regular support ends, and security updates until long-term support does. Ubuntu changes a suite no more
 * once it is released: everything goes to its updates.
 */
function lastChange(suite: string, distribution: DistributionName, now: Date): string | undefined {
  const { released, ends, longTerm } = releaseOfSuite(suite, distribution, now) ?? {};
  if (distribution === 'ubuntu') return isPocket(suite) ? ends : released;
  return isSecurity(suite) ? longTerm : ends;
}

/**
 * Returns how old a suite's index may be: the base suites have no Valid-Until and change with each point
 * release only, some of which are many months apart; the security and update suites are signed again every
 * few hours. An index that its distribution no longer changes grows older, and that says nothing against a
 * mirror: it counts from the last day of changes, so that one from long before that day is refused.
 */
export function ageLimit(
  suite: string,
  distribution: DistributionName = 'debian',
  now: Date,
): AgeLimit {
  const last = Date.parse(lastChange(suite, distribution, now) ?? '');
  const isOver = last < now.getTime();
  const days = isPocket(suite) ? (isOver ? 90 : 30) : 365;
  return { days, from: isOver ? new Date(last) : now };
}

/** Distributions whose archives are read; each has keys, mirrors and a calendar of its own. */
export type DistributionName = 'debian' | 'ubuntu';

/** A distribution's calendar, and the paths and names that are its own. */
export interface Distribution {
  readonly name: DistributionName;
  /** For people. */
  readonly title: string;
  /**
   * The last day on which a suite itself was, or will be, changed. Its signed index grows older from
   * then on, and that says nothing against a mirror. For Debian the end of regular support, when the
   * last point release is made; for Ubuntu the release, after which everything goes to the updates.
   * From the package distro-info-data, version 2026.10.12-1.
   */
  readonly lastChange: Readonly<Record<string, string>>;
  /** The last day of changes of its updates and security updates, where those do not expire. */
  readonly lastUpdate: Readonly<Record<string, string>>;
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
  lastChange: {
    buster: '2022-09-10',
    bullseye: '2024-08-14',
    bookworm: '2026-07-11',
    trixie: '2028-08-09',
  },
  lastUpdate: {},
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
  lastChange: {
    xenial: '2016-04-21',
    bionic: '2018-04-26',
    focal: '2020-04-23',
    jammy: '2022-04-21',
    noble: '2024-04-25',
    questing: '2025-10-09',
    resolute: '2026-04-23',
  },
  lastUpdate: {
    xenial: '2021-04-30',
    bionic: '2023-05-31',
    focal: '2025-05-29',
    jammy: '2027-06-01',
    noble: '2029-05-31',
    questing: '2026-07-09',
    resolute: '2031-05-29',
  },
  rolling: [],
  script: 'gutsy',
  keyrings: ['usr/share/keyrings/ubuntu-archive-keyring.gpg'],
};

export const distributions: Readonly<Record<DistributionName, Distribution>> = { debian, ubuntu };

/** Lists the suites that a person may have meant by a name that is no suite. */
export const knownSuites = ({ lastChange, rolling }: Distribution): string[] => [
  ...Object.keys(lastChange),
  ...rolling,
];

const pocket = /-(?:security|updates|backports|proposed-updates|proposed)$/;

/**
 * Returns the days after which a suite's index is refused though it is signed: the base suites have no
 * Valid-Until and change with each point release only, some of which are many months apart; the
 * security and update suites are signed again every few hours. Infinity for a suite that its
 * distribution no longer changes, by its calendar.
 */
export function maxAgeDays(
  suite: string,
  distribution: DistributionName = 'debian',
  now: Date,
): number {
  const { lastChange, lastUpdate } = distributions[distribution];
  const isPocket = pocket.test(suite);
  const ended = isPocket ? lastUpdate[suite.replace(pocket, '')] : lastChange[suite];
  if (ended !== undefined && now.getTime() > Date.parse(ended)) return Number.POSITIVE_INFINITY;
  return isPocket ? 30 : 365;
}

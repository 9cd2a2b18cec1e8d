import type { ReleaseSupport } from '../../base/release-support.ts';
import type { Signing } from './locked-rpms.ts';

/** A repository of a distribution, below the root of its mirrors. */
export interface DistributionRepository {
  readonly name: string;
  /** Its folder in the distribution's own spelling, where that is another one than the name. */
  readonly folder?: string;
  /** Path below a mirror's root, and the https URL of the metalink, of a release for an architecture. */
  readonly path: (release: string, arch: string) => string;
  readonly metalink?: (release: string, arch: string) => string;
}

/** A release of a distribution. */
interface Release {
  /** Last day of its support. */
  readonly until: string;
  /** Files of its keys in the keyring. */
  readonly keys: readonly [string, ...string[]];
  /** What modules call the platform, where there are modules. */
  readonly platform?: string;
  /** Folder of rpm's database below the root. */
  readonly database: string;
}

/** Dated states that a distribution keeps itself. */
export interface KeptStates {
  /** Form of the name of a state, and one as an example. */
  readonly form: RegExp;
  readonly example: string;
  /** The root of a repository, by its folder's name, in a state of a release for an architecture. */
  readonly root: (state: string, release: string, folder: string, arch: string) => string;
  readonly signed: Signing;
}

/** A distribution of packages of rpm: whose keys, mirrors and habits. */
export interface RpmDistribution {
  /** For people. */
  readonly title: string;
  /** `ID` of os-release(5). */
  readonly id: string;
  /** The root of its own mirror. */
  readonly mirror: string;
  /** The root, in the layout of the mirror, where point releases are kept when the next one is out. */
  readonly archive?: string;
  readonly states?: KeptStates;
  readonly signed: Signing;
  readonly repositories: readonly DistributionRepository[];
  readonly releases: Readonly<Record<string, Release>>;
}

/** Folders of rpm's database: of Enterprise Linux 9 and before, and of Fedora and Enterprise Linux 10. */
export const oldDatabase = 'var/lib/rpm';
export const newDatabase = 'usr/lib/sysimage/rpm';

const enterprise = (release: string, until: string, ...keys: [string, ...string[]]): Release => ({
  ...{ until, keys, platform: `platform:el${release}` },
  database: Number(release) < 10 ? oldDatabase : newDatabase,
});

const fedora = (release: string, until: string): Release => ({
  until,
  keys: [`fedora-${release}.asc`],
  platform: `platform:f${release}`,
  database: newDatabase,
});

const baseAndApplications = (folder: (release: string) => string): DistributionRepository[] =>
  ['BaseOS', 'AppStream'].map((name) => ({
    name: name.toLowerCase(),
    folder: name,
    path: (release, arch) => `${folder(release)}/${name}/${arch}/os`,
  }));

/**
 * The composes of CentOS Stream, out of which its mirrors are made. Nothing signs their lists: their packages
 * are signed as those of the mirrors.
 */
const composes: KeptStates = {
  form: /^\d{8}\.\d{1,3}$/,
  example: '20250701.0',
  root: (state, release, folder, arch) =>
    `https://composes.stream.centos.org/stream-${release}/production/CentOS-Stream-${release}-${state}/compose/${folder}/${arch}/os`,
  signed: 'packages',
};

const metalink = (repository: string, arch: string): string =>
  `https://mirrors.fedoraproject.org/metalink?repo=${repository}&arch=${arch}`;

/**
 * The distributions that a recipe can name, with the layout of their mirrors and the ends of their support as
 * they announce them. Each repomd.xml of CentOS Stream, Rocky Linux and AlmaLinux has a signature beside it;
 * Fedora signs packages only, and names the current list in a metalink.
 */
export const rpmDistributions = {
  centos: {
    title: 'CentOS Stream',
    id: 'centos',
    mirror: 'https://mirror.stream.centos.org',
    states: composes,
    signed: 'repomd',
    repositories: baseAndApplications((release) => `${release}-stream`),
    releases: {
      '9': enterprise('9', '2027-05-31', 'centos-official.asc'),
      '10': enterprise('10', '2030-05-31', 'centos-official.asc'),
    },
  },
  rocky: {
    title: 'Rocky Linux',
    id: 'rocky',
    mirror: 'https://dl.rockylinux.org/pub/rocky',
    archive: 'https://dl.rockylinux.org/vault/rocky',
    signed: 'repomd',
    repositories: baseAndApplications((release) => release),
    releases: {
      '9': enterprise('9', '2032-05-31', 'rocky-9.asc'),
      '10': enterprise('10', '2035-05-31', 'rocky-10.asc'),
    },
  },
  alma: {
    title: 'AlmaLinux',
    id: 'almalinux',
    mirror: 'https://repo.almalinux.org/almalinux',
    archive: 'https://vault.almalinux.org',
    signed: 'repomd',
    repositories: baseAndApplications((release) => release),
    releases: {
      '9': enterprise('9', '2032-05-31', 'almalinux-9.asc'),
      '10': enterprise('10', '2035-05-31', 'almalinux-10.asc'),
    },
  },
  fedora: {
    title: 'Fedora',
    id: 'fedora',
    mirror: 'https://dl.fedoraproject.org/pub/fedora/linux',
    signed: 'packages',
    repositories: [
      {
        name: 'fedora',
        path: (release, arch) => `releases/${release}/Everything/${arch}/os`,
        metalink: (release, arch) => metalink(`fedora-${release}`, arch),
      },
      {
        name: 'updates',
        path: (release, arch) => `updates/${release}/Everything/${arch}`,
        metalink: (release, arch) => metalink(`updates-released-f${release}`, arch),
      },
    ],
    releases: {
      '42': fedora('42', '2026-05-13'),
      '43': fedora('43', '2026-12-02'),
      '44': fedora('44', '2027-06-02'),
    },
  },
} as const satisfies Readonly<Record<string, RpmDistribution>>;

export type RpmDistributionName = keyof typeof rpmDistributions;
export const rpmDistributionNames = Object.keys(rpmDistributions) as [
  RpmDistributionName,
  ...RpmDistributionName[],
];

/**
 * Returns a release of a distribution; undefined for one that is not known. `9.4` is one of `9` where the
 * distribution has point releases.
 */
export function releaseOf(name: RpmDistributionName, release: string): Release | undefined {
  const { releases, archive }: RpmDistribution = rpmDistributions[name];
  const [major = '', point] = release.split('.');
  if (point !== undefined && archive === undefined) return undefined;
  return Object.hasOwn(releases, major) ? releases[major] : undefined;
}

/** Returns until when a release is supported; undefined for one that is not known. */
export function supportOfRpm(
  name: RpmDistributionName,
  release: string,
): ReleaseSupport | undefined {
  const found = releaseOf(name, release);
  return found && { title: `${rpmDistributions[name].title} ${release}`, until: found.until };
}

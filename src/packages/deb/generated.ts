import type { GeneratedRule } from '../contract.ts';

const wanted = 'a unit that its package enables with deb-systemd-helper';
const record = "dpkg's own records";

/** The packages of Java's runtime, by the releases that Debian and Ubuntu have had. */
const javaRuntimes = [8, 11, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26].map(
  (release) => `openjdk-${release}-jre-headless`,
);

/** The paths that installing Debian's packages makes (Debian Policy 6; the named tools' manual pages). */
export const debianRules: readonly GeneratedRule[] = [
  // Links that belong to the package that ships their target.
  {
    paths: '/**',
    leadsTo: '/etc/alternatives/*',
    by: 'target',
    reason: "update-alternatives' choice of a file of the package",
  },
  {
    paths: '/etc/alternatives/*',
    by: 'target',
    reason: "update-alternatives' choice of a file of the package",
  },
  { paths: '/etc/systemd/system/**', by: 'target', reason: wanted },
  { paths: '/etc/systemd/user/**', by: 'target', reason: wanted },
  {
    paths: '/etc/rc*.d/*',
    by: 'target',
    reason: 'a service that its package enables with update-rc.d',
  },
  {
    paths: '/etc/ssl/certs/*',
    by: 'target',
    reason: "update-ca-certificates' link to a certificate of the package",
  },
  { paths: '/etc/localtime', by: 'target', reason: 'the time zone that tzdata chooses' },

  // Records of the package manager.
  { paths: '/var/lib/dpkg/**', by: ['dpkg'], reason: record },
  { paths: '/var/log/dpkg.log', by: ['dpkg'], reason: record },
  { paths: '/var/log/alternatives.log', by: ['dpkg'], reason: record },
  { paths: '/etc/alternatives/*', by: ['dpkg'], reason: "update-alternatives' choice" },
  { paths: '/var/lib/apt/**', by: ['apt'], reason: "apt's lists and state" },
  { paths: '/var/cache/apt/**', by: ['apt'], reason: "apt's cache" },
  { paths: '/var/log/apt/**', by: ['apt'], reason: "apt's log" },
  { paths: '/var/cache/debconf/**', by: ['debconf', 'cdebconf'], reason: "debconf's answers" },
  { paths: '/var/lib/systemd/deb-systemd-*/**', by: ['init-system-helpers'], reason: wanted },
  { paths: '/var/lib/ucf/**', by: ['ucf'], reason: "ucf's records of configuration files" },

  // Accounts.
  ...['passwd', 'group', 'shadow', 'gshadow'].flatMap((name): GeneratedRule[] => [
    {
      paths: `/etc/${name}`,
      by: ['base-passwd'],
      reason: 'update-passwd, and adduser for packages',
    },
    {
      paths: `/etc/${name}-`,
      by: ['passwd', 'base-passwd'],
      reason: 'what it was before an account was added',
    },
  ]),
  {
    paths: '/etc/.pwd.lock',
    by: ['passwd', 'base-passwd'],
    reason: 'lckpwdf(3), when accounts are changed',
  },
  { paths: '/etc/subuid', by: ['passwd'], reason: 'useradd, for ranges of ids' },
  { paths: '/etc/subgid', by: ['passwd'], reason: 'useradd, for ranges of ids' },
  { paths: '/etc/subuid-', by: ['passwd'], reason: 'what it was before a range was added' },
  { paths: '/etc/subgid-', by: ['passwd'], reason: 'what it was before a range was added' },

  // Caches and files that configuration writes.
  { paths: '/etc/ld.so.cache', by: ['libc-bin'], reason: "ldconfig's cache of shared libraries" },
  {
    paths: '/var/cache/ldconfig/aux-cache',
    by: ['libc-bin'],
    reason: "ldconfig's cache of its own",
  },
  { paths: '/usr/lib/locale/**', by: ['locales', 'libc-bin'], reason: 'localedef' },
  { paths: '/etc/ssl/certs/*', by: ['ca-certificates'], reason: 'update-ca-certificates' },
  {
    paths: '/etc/ssl/certs/java/cacerts',
    by: ['ca-certificates-java'],
    reason: "keytool's store of the trusted certificates",
  },
  { paths: '/etc/.java/.systemPrefs/*', by: javaRuntimes, reason: 'preferences of the system' },
  { paths: '/etc/ca-certificates.conf', by: ['ca-certificates'], reason: 'its configuration' },
  { paths: '/etc/pam.d/common-*', by: ['libpam-runtime'], reason: 'pam-auth-update' },
  { paths: '/var/lib/pam/*', by: ['libpam-runtime'], reason: "pam-auth-update's records" },
  { paths: '/etc/security/opasswd', by: ['libpam-modules'], reason: 'its configuration' },
  { paths: '/etc/environment', by: ['libpam-modules', 'base-files'], reason: 'its configuration' },
  { paths: '/etc/shells', by: ['debianutils'], reason: 'update-shells and add-shell' },
  { paths: '/var/lib/shells.state', by: ['debianutils'], reason: "update-shells' records" },
  { paths: '/etc/timezone', by: ['tzdata'], reason: 'the time zone that tzdata chooses' },
  { paths: '/etc/localtime', by: ['tzdata'], reason: 'the time zone that tzdata chooses' },
  { paths: '/etc/machine-id', by: ['systemd'], reason: 'systemd-machine-id-setup' },
  {
    paths: '/var/lib/systemd/catalog/database',
    by: ['systemd'],
    reason: 'journalctl --update-catalog',
  },
  { paths: '/usr/lib/udev/hwdb.bin', by: ['udev'], reason: 'systemd-hwdb' },
  {
    paths: '/usr/share/info/dir',
    by: ['install-info', 'base-files'],
    reason: 'the list of manuals',
  },
  { paths: '/etc/inputrc', by: ['readline-common'], reason: 'its configuration' },
  { paths: '/etc/modules', by: ['kmod'], reason: 'its configuration' },
  { paths: '/etc/network/interfaces', by: ['ifupdown'], reason: 'its configuration' },
  { paths: '/etc/networks', by: ['netbase', 'base-files'], reason: 'its configuration' },
  { paths: '/etc/adduser.conf', by: ['adduser'], reason: 'its configuration' },
  { paths: '/etc/hosts', by: ['netbase'], reason: 'its configuration' },
  { paths: '/etc/apparmor.d/local/*', by: ['apparmor', 'isc-dhcp-client'], reason: 'dh_apparmor' },
  { paths: '/etc/mtab', by: ['util-linux', 'mount'], reason: 'the link to /proc/mounts' },
  { paths: '/etc/default/locale', by: ['locales'], reason: 'update-locale' },
  { paths: '/etc/locale.gen', by: ['locales'], reason: 'its configuration' },
  { paths: '/etc/python3/debian_config', by: ['python3-minimal'], reason: 'its configuration' },
  {
    paths: '/var/lib/python/*',
    by: ['python3-minimal', 'python3'],
    reason: "py3compile's records",
  },
  { paths: '/usr/**/__pycache__/**', by: ['python3-minimal', 'python3'], reason: 'py3compile' },

  // Releases of ten years ago.
  { paths: '/bin/sh.distrib', by: ['dash'], reason: 'what it diverted to be /bin/sh' },
  { paths: '/usr/share/man/man1/sh.distrib.1.gz', by: ['dash'], reason: 'the same' },
  { paths: '/usr/bin/touch', by: ['coreutils'], reason: 'the link to /bin/touch' },
  { paths: '/usr/bin/which', by: ['debianutils'], reason: 'the link to /bin/which' },
  { paths: '/etc/apt/trusted.gpg*', by: ['ubuntu-keyring', 'apt'], reason: 'apt-key' },
  { paths: '/etc/apt/apt.conf.d/01autoremove-kernels', by: ['apt'], reason: 'its configuration' },
  { paths: '/etc/default/motd-news.wasremoved', by: ['base-files'], reason: 'its configuration' },
  { paths: '/etc/init.d/.depend.*', by: ['insserv', 'sysv-rc'], reason: 'the order of services' },
  { paths: '/etc/rc.local', by: ['initscripts'], reason: 'its configuration' },
  { paths: '/var/log/dmesg', by: ['initscripts'], reason: 'its log' },
  { paths: '/var/log/fsck/*', by: ['initscripts'], reason: 'its logs' },

  // Files that base-files copies from its templates or makes once.
  ...[
    '/etc/dpkg/origins/default',
    '/etc/motd',
    '/etc/profile',
    '/etc/nsswitch.conf',
    '/root/.bashrc',
    '/root/.profile',
    '/usr/local/man',
    '/var/log/README',
    '/var/log/*tmp',
    '/var/log/lastlog',
    '/var/log/faillog',
    '/var/spool/mail',
    '/var/mail',
    '/var/lock',
    '/var/run',
  ].map((paths) => ({
    paths,
    by: ['base-files', 'libc-bin', 'login'],
    reason: 'made once, when base-files is configured',
  })),

  // Files that debootstrap and its step write.
  { paths: '/etc/apt/apt.conf.d/docker-*', by: 'build', reason: 'how apt behaves in an image' },
  { paths: '/etc/dpkg/dpkg.cfg.d/docker-*', by: 'build', reason: 'how dpkg behaves in an image' },
  { paths: '/usr/sbin/policy-rc.d', by: 'build', reason: 'keeps packages from starting services' },
  { paths: '/etc/apt/sources.list', by: 'build', reason: 'where packages come from' },
  { paths: '/etc/apt/sources.list.d/*', by: 'build', reason: 'where packages come from' },
  { paths: '/etc/localtime', by: 'build', reason: 'the time zone where no tzdata chooses one' },
  {
    paths: '/etc/hostname',
    by: 'build',
    reason: 'the name of the machine it was made on, or a constant',
  },
  { paths: '/etc/resolv.conf', by: 'build', reason: 'name servers, or none' },
  { paths: '/etc/fstab', by: 'build', reason: 'an empty table of file systems' },
  { paths: '/etc/hosts', by: 'build', reason: 'the names of the machine itself' },
  { paths: '/var/log/bootstrap.log', by: 'build', reason: "debootstrap's log" },
  {
    paths: '/etc/unsupported-skip-usrmerge-conversion',
    by: 'build',
    reason: 'keeps a release from before the /usr merge as it is',
  },
  { paths: '/run/**', by: 'build', reason: 'left by what ran while it was made' },
  { paths: '/dev/**', by: 'build', reason: 'the devices that every container has' },
];

/** The links that unpacked packages need which were never configured. */
export const unpackedRules: readonly GeneratedRule[] = [
  'bin',
  'sbin',
  'lib',
  'lib32',
  'lib64',
  'libo32',
  'libx32',
].flatMap((folder): GeneratedRule[] => {
  const link = { paths: `/${folder}`, leadsTo: `/usr/${folder}` };
  return [
    { ...link, by: ['base-files'], reason: 'the link of the /usr merge (DEP 17)' },
    { ...link, by: 'build', reason: 'the link of the /usr merge (DEP 17), for want of base-files' },
  ];
});

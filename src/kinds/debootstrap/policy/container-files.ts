/** A file that makes apt and dpkg behave as people expect of a container image. */
export interface ContainerFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
  readonly reason: string;
}

/** `apt-get clean` itself would wait for the lock that its caller holds. */
const clean =
  '"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true";';

/**
 * The files by which the official images of Debian and Ubuntu configure apt and dpkg, under the same
 * names: there are Dockerfiles that remove or replace some of them
 * (https://github.com/debuerreotype/debuerreotype, debuerreotype-minimizing-config).
 */
export const containerFiles: readonly ContainerFile[] = [
  {
    path: 'etc/apt/apt.conf.d/docker-autoremove-suggests',
    mode: 0o644,
    reason: 'what was only installed for a build goes again with apt-get autoremove',
    content: `// A package that another one merely suggests is no reason to keep it.
Apt::AutoRemove::SuggestsImportant "false";
`,
  },
  {
    path: 'etc/apt/apt.conf.d/docker-clean',
    mode: 0o644,
    reason:
      'each layer would keep the packages that it installed, and caches of apt that only help here',
    content: `// What was downloaded is not kept, and apt keeps no caches of its own in binary form.
DPkg::Post-Invoke { ${clean} };
APT::Update::Post-Invoke { ${clean} };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
`,
  },
  {
    path: 'etc/apt/apt.conf.d/docker-gzip-indexes',
    mode: 0o644,
    reason: 'indexes that stay in a layer should be small',
    content: `// The indexes stay compressed on disk.
Acquire::GzipIndexes "true";
`,
  },
  {
    path: 'etc/apt/apt.conf.d/docker-no-languages',
    mode: 0o644,
    reason: 'nobody reads translated package descriptions in a container',
    content: `// No translations of package descriptions are downloaded.
Acquire::Languages "none";
`,
  },
  {
    path: 'etc/dpkg/dpkg.cfg.d/docker-apt-speedup',
    mode: 0o644,
    reason: 'an image whose making was cut short by a power failure is thrown away anyway',
    content: `# Unpacking does not wait for the disk after each file.
force-unsafe-io
`,
  },
  {
    path: 'usr/sbin/policy-rc.d',
    mode: 0o755,
    reason:
      'there is no init in a container that could start a service when its package is installed',
    content: `#!/bin/sh
# No service is started when its package is installed (policy-rc.d(8)).
exit 101
`,
  },
];

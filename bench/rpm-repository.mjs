// A signed repository of packages of rpm, made of the tests' specs and of Debian's own files.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './measure.mjs';
import { root, shell, writeFiles } from './workbench.mjs';

/** The name of the public key in the repository's folder. */
export const keyName = 'RPM-GPG-KEY-testdist';

const signer = 'bench@testdist.example';

/** Specs of the tests. */
const specs = [
  'bash',
  'coreutils',
  'filesystem',
  'glibc',
  'mydaemon',
  'ncurses-libs',
  'setup',
].concat(['shadow-utils', 'testdist-release']);

/** Packages of Debian whose files become packages of rpm, so that a root has the size of a base. */
export const bulkPackages = [
  'bash',
  'coreutils',
  'dpkg',
  'e2fsprogs',
  'findutils',
  'gpg',
  'grep',
].concat(
  ['libc-bin', 'libc6', 'libssl3', 'libsystemd0', 'openssl', 'passwd', 'perl-base', 'systemd'],
  ['tar', 'tzdata', 'util-linux', 'xz-utils', 'zstd'],
);

/** Returns the paths of the files that dpkg knows of a package. */
const filesOf = (name) =>
  run(['dpkg', '-L', name])
    .stdout.split('\n')
    .filter((path) => /^\/[\w./+:@~-]+$/.test(path));

/** Returns lines of a shell that copy a package's files below a folder of its own, and list them. */
const copied = (name) => `cat >${name}.all <<'END'
${filesOf(name).join('\n')}
END
while read -r path; do
  if [ -d "$path" ] || ! [ -e "$path" ]; then continue; fi
  to=/usr/share/bench/${name}$path
  mkdir -p "%{buildroot}\${to%/*}"
  cp -a "$path" "%{buildroot}$to"
  echo "%attr(-,root,root) $to" >>${name}.list
done <${name}.all`;

/** Returns a spec with a package for each of Debian's. */
const bulkSpec = (names) => `Name: bench
Version: 1.0
Release: 1.td1
Summary: Debian's own files
License: MIT
AutoReqProv: no
%description
%{summary}.
${names.map((name) => `%package -n bench-${name}\nSummary: Debian's own files\nAutoReqProv: no\n%description -n bench-${name}\n%{summary}.\n`).join('')}
%install
${names.map(copied).join('\n')}
${names.map((name) => `%files -n bench-${name} -f ${name}.list`).join('\n')}
`;

const macros = (top) => `%_buildshell /bin/bash
%_topdir ${top}
%_gpg_name ${signer}
%__gpg /usr/bin/gpg
%debug_package %{nil}
%__os_install_post %{nil}
%_build_id_links none
%dist .td1
%_libdir /usr/lib64
%_binary_payload w3.zstdio
%test_key ${top}/${keyName}
`;

const making = `cd "$1"; specs=$2; shift 2
  mkdir -m 700 gnupg
  gpg --batch --pinentry-mode loopback --passphrase '' --quick-gen-key ${signer} rsa2048 sign never
  gpg --armor --export ${signer} >${keyName}
  for name in "$@"; do rpmbuild -bb --quiet --nodeps "$specs/$name.spec"; done
  rpmbuild -bb --quiet --nodeps bulk.spec
  mkdir -p repository/Packages
  find RPMS -name '*.rpm' -exec mv -t repository/Packages {} +
  rpmsign --addsign repository/Packages/*.rpm
  createrepo_c --quiet --checksum sha256 --no-database repository
  gpg --batch --armor -u ${signer} --detach-sign repository/repodata/repomd.xml`;

/** Makes a signed repository of the tests' specs and of packages of Debian that are installed here. */
export function ownRepository(names) {
  const top = writeFiles('rpm', { 'bulk.spec': bulkSpec(names) });
  writeFileSync(join(top, '.rpmmacros'), macros(top));
  const own = { HOME: top, GNUPGHOME: join(top, 'gnupg'), SOURCE_DATE_EPOCH: '1700000000' };
  run(shell(making, top, join(root, 'test/e2e/rpm/specs'), ...specs), {
    env: { ...process.env, ...own },
  });
  return { top, names: [...specs, ...names.map((name) => `bench-${name}`)] };
}

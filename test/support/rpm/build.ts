import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The payloads that rpmbuild makes: what `_binary_payload` says, and the compressor that the header names. */
export const payloads = {
  gzip: 'w9.gzdio',
  bzip2: 'w9.bzdio',
  lzma: 'w6.lzdio',
  xz: 'w2.xzdio',
  zstd: 'w19.zstdio',
  none: 'w.ufdio',
} as const;

/** A spec whose package has a file of each kind. */
export const everyKind = `Name: every-kind
Version: 1.2
Release: 3.td1
Epoch: 2
Summary: A file of each kind
License: MIT AND GPL-2.0-or-later
URL: https://example.org/every-kind
Vendor: Tests
BuildArch: noarch
%description
%{summary}.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc %{buildroot}/var/lib/kind
seq 1 20000 >%{buildroot}/usr/bin/one
ln %{buildroot}/usr/bin/one %{buildroot}/usr/bin/two
ln %{buildroot}/usr/bin/one %{buildroot}/etc/three
ln -s ../bin/one %{buildroot}/usr/bin/link
: >%{buildroot}/etc/empty
: >%{buildroot}/etc/empty-too
ln %{buildroot}/etc/empty-too %{buildroot}/etc/empty-three
echo 'a = 1' >%{buildroot}/etc/kind.conf
echo ghost >%{buildroot}/var/lib/kind/ghost
echo 'ä' >%{buildroot}/etc/ä.txt
touch -d @1600000000 %{buildroot}/etc/kind.conf
%files
%attr(4755,root,root) %caps(cap_net_raw,cap_net_admin=ep) /usr/bin/one
%attr(4755,root,root) %caps(cap_net_raw,cap_net_admin=ep) /usr/bin/two
%attr(4755,root,root) %caps(cap_net_raw,cap_net_admin=ep) /etc/three
/usr/bin/link
/etc/empty
/etc/empty-too
/etc/empty-three
/etc/ä.txt
%config(noreplace) %attr(0640,root,kind) /etc/kind.conf
%dir %attr(0750,kind,kind) /var/lib/kind
%ghost /var/lib/kind/ghost
`;

/** Builds the packages of a spec in a folder; returns their paths, sorted. */
export function buildRpms(folder: string, spec: string, payload: string = payloads.gzip): string[] {
  const top = join(folder, `build-${payload}`);
  mkdirSync(top, { recursive: true });
  writeFileSync(join(top, 'package.spec'), spec);
  const defines = {
    _topdir: top,
    _binary_payload: payload,
    debug_package: '%{nil}',
    __os_install_post: '%{nil}',
    _build_id_links: 'none',
    use_source_date_epoch_as_buildtime: '1',
    _buildhost: 'builder.example.org',
  };
  const flags = Object.entries(defines).flatMap(([name, value]) => [
    '--define',
    `${name} ${value}`,
  ]);
  const env = {
    PATH: process.env.PATH,
    HOME: top,
    LC_ALL: 'C.UTF-8',
    SOURCE_DATE_EPOCH: '1700000000',
  };
  execFileSync('rpmbuild', ['-bb', '--quiet', '--nodeps', ...flags, join(top, 'package.spec')], {
    env,
    stdio: 'pipe',
  });
  const built = readdirSync(join(top, 'RPMS'), { recursive: true, encoding: 'utf8' });
  return built
    .filter((file) => file.endsWith('.rpm'))
    .sort()
    .map((file) => join(top, 'RPMS', file));
}

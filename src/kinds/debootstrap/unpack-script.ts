/**
 * A Perl program that writes the database of dpkg for packages whose files are unpacked and that are not
 * configured (deb-old(5), dpkg(1) under "status"). It finds in control/NAME the control files of each
 * package and in lists/NAME the paths that tar unpacked, moves configuration files aside as
 * NAME.dpkg-new, as dpkg does, and registers triggers (deb-triggers(5)). Priorities are those of the index.
 * Parameters: the root, the index, names.
 */
export const recordUnpacked = String.raw`
use strict;
my ($root, $index) = splice @ARGV, 0, 2;
my $db = "$root/var/lib/dpkg";
my (@status, @files, %explicit);
my (%priority, $package);
for (lines($index)) { $package = $1 if /^Package: (.*)/; $priority{$package} = $_ if /^Priority: / }
sub lines { open my $in, '<', $_[0] or return (); chomp(my @lines = <$in>); @lines }
sub save { my ($file, @text) = @_; open my $out, '>', $file or die "$file: $!"; print $out @text; close $out or die "$file: $!" }
for my $name (@ARGV) {
  my $from = "control/$name";
  my @control = lines("$from/control");
  my ($architecture) = map { /^Architecture:\s*(\S+)/i } @control;
  my $same = grep { /^Multi-Arch:\s*same\s*$/i } @control;
  my $info = "$db/info/$name" . ($same ? ":$architecture" : '');
  save("$info.list", map { $_ eq './' ? "/.\n" : s{^\.?/?}{/}r =~ s{/?$}{\n}r } lines("lists/$name"));
  my @conffiles = grep { $_ } map { m{^(?:(\S+)\s+)?(/.*?)\s*$} && [$2, $1 ? " $1" : ''] } lines("$from/conffiles");
  for (map { $_->[0] } @conffiles) { rename "$root$_", "$root$_.dpkg-new" if -e "$root$_" || -l "$root$_" }
  for (lines("$from/triggers")) {
    my ($word, $trigger) = /^\s*interest(-\S+)?\s+(\S+)/ ? ($1 || '', $2) : next;
    my $user = $name . ($same ? ":$architecture" : '') . ($word eq '-noawait' ? '/noawait' : '');
    if ($trigger =~ m{^/}) { push @files, "$trigger $user\n" } else { push @{$explicit{$trigger}}, "$user\n" }
  }
  opendir my $folder, $from or die "$from: $!";
  for (grep { !/^(?:\.\.?|control)$/ } readdir $folder) {
    rename "$from/$_", "$info.$_" or die "$from/$_: $!";
  }
  push @status, map { "$_\n" } map {
    /^Package:/i ? ($_, 'Status: install ok unpacked') : /^Priority:/i && $priority{$name} ? () : $_
  } grep { /\S/ } @control;
  push @status, "$priority{$name}\n" if $priority{$name};
  push @status, "Conffiles:\n", map { " $_->[0] newconffile$_->[1]\n" } @conffiles if @conffiles;
  push @status, "\n";
}
save("$db/status", @status);
save("$db/triggers/File", @files);
save("$db/triggers/$_", @{$explicit{$_}}) for keys %explicit;
`;

/**
 * Shell functions that make the base set without debootstrap and come to the same tree.
 *
 * `unpack_base ROOT NAME…` unpacks the packages of /build/mirror/pool into ROOT, as many side by side as
 * there are cores, and keeps what describes them in /build/control and /build/lists.
 *
 * `brings_links` says whether the links that merge /usr come from a package, as they do since Debian 13;
 * `files_of_several` lists the files that more than one of the unpacked packages brings. Where the first does
 * not hold, or there are any of the second, unpacking asks for more than is done here.
 *
 * `configure_base ROOT NAME…` writes the database of dpkg, runs what packages want to run before they are
 * unpacked, and configures all of them in one go. Every file that debootstrap writes itself is written.
 */
export const unpackFunctions = `
unpack_share() {
  share=$1 shares=$2 root=$3
  shift 3
  at=0
  for name in "$@"; do
    at=$((at + 1))
    if [ $((at % shares)) -ne "$share" ] || [ -e "lists/$name" ]; then continue; fi
    dpkg-deb -e mirror/pool/"$name"_*.deb "control/$name"
    dpkg-deb --fsys-tarfile mirror/pool/"$name"_*.deb |
      tar -xvpf - -C "$root" --keep-directory-symlink --same-owner --numeric-owner --quoting-style=literal \\
        >"lists/$name"
  done
}
unpack_base() {
  mkdir control lists
  # Its links have to be there before anything is unpacked through them.
  unpack_share 0 1 "$1" base-files
  shares=$(nproc) share=0 pids=''
  while [ "$share" -lt "$shares" ]; do
    unpack_share "$share" "$shares" "$@" &
    pids="$pids $!"
    share=$((share + 1))
  done
  for pid in $pids; do wait "$pid"; done
}
brings_links() {
  dpkg-deb --fsys-tarfile mirror/pool/base-files_*.deb | tar -t | grep -qx ./bin
}
files_of_several() {
  grep -hv '/$' lists/* | sort | uniq -d
}
configure_base() {
  root=$1
  shift
  db=$root/var/lib/dpkg
  mkdir -p "$db/info" "$db/triggers" "$db/updates"
  cat >record-unpacked <<'END'
${recordUnpacked.trim()}
END
  perl record-unpacked "$root" mirror/dists/*/main/binary-*/Packages "$@"
  : >"$db/available"
  echo 1 >"$db/info/format"
  echo 'apt apt' >"$db/cmethopt"
  [ -e "$root/etc/fstab" ] || echo '# UNCONFIGURED FSTAB FOR BASE SYSTEM' >"$root/etc/fstab"
  [ -e "$root/etc/localtime" ] || ln -sf /usr/share/zoneinfo/UTC "$root/etc/localtime"
  awk=$root/usr/bin/awk
  if [ -L "$awk" ]; then awk=''; else ln -s mawk "$awk"; fi
  daemon=$root/usr/sbin/start-stop-daemon
  mv "$daemon" "$daemon.REAL"
  printf '#!/bin/sh\\n' >"$daemon"
  printf '#!/bin/sh\\nexit 101\\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$daemon" "$root/usr/sbin/policy-rc.d"
  architecture=$(chroot "$root" dpkg --print-architecture)
  for script in "$db"/info/*.preinst; do
    package=\${script##*/}
    package=\${package%.preinst}
    mv "control/\${package%:*}" "$db/tmp.ci"
    for file in "$db/info/$package".*; do cp -p "$file" "$db/tmp.ci/\${file##*.}"; done
    chroot "$root" env DPKG_MAINTSCRIPT_PACKAGE="\${package%:*}" DPKG_MAINTSCRIPT_NAME=preinst \\
      DPKG_MAINTSCRIPT_ARCH="$architecture" DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT=1 \\
      DPKG_ADMINDIR=/var/lib/dpkg DPKG_ROOT= /var/lib/dpkg/tmp.ci/preinst install </dev/null
    rm -r "$db/tmp.ci"
  done
  # update-alternatives makes a link of its own.
  [ -z "$awk" ] || rm "$awk"
  chroot "$root" dpkg --force-unsafe-io --force-depends --force-confold --configure -a </dev/null
  mv "$daemon.REAL" "$daemon"
  rm "$root/usr/sbin/policy-rc.d"
}
`;

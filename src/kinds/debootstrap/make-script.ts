import { chrootDevices } from '../../steps/devices.ts';
import { callDebootstrap, standIns } from './debootstrap-shell.ts';

/**
 * apt in the new root, on the mirror of locked packages alone. It stays root: without a network there
 * is nothing from which the user that it becomes for downloads would protect it.
 */
const aptConfiguration = `
Dir::Etc::sourcelist "/mirror/sources";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Dpkg::Use-Pty "false";
`.trim();

/**
 * Makes a root filesystem: debootstrap the base set, and apt in the new root what is wanted besides.
 * No service is started (policy-rc.d(8)). What was made or changed meanwhile bears times between
 * those of `begin` and `end`, by whatever the machine's clock says.
 *
 * On stdin a tar: `mirror/`, a mirror of exactly the packages; `answers`, lines of
 * debconf-set-selections(1), where there are any. Parameters: debootstrap's script for
 * the suite's relatives, the suite, debootstrap's options up to `--`, packages. On stdout a tar:
 * `begin`, `end` and `root/`. It is packed by name, so that no order depends on a file system.
 */
export const makeScript = `${standIns}${callDebootstrap}${chrootDevices}
umask 022
cd /build
tar -xf - --no-same-owner
relative=$1 suite=$2 options=''
shift 2
while [ "$1" != -- ]; do
  options="$options $1"
  shift
done
shift

: >begin
root=/build/root
mkdir -m 755 "$root"
make_devices "$root"
# The package makedev, which xenial still has, makes dozens more unless this one says that devfs does.
devfs=$root/dev/.devfsd
mknod "$devfs" c 1 3 2>/dev/null || {
  true >"$devfs"
  mount -o bind /dev/null "$devfs"
}
stand_in
call_debootstrap "$relative" "$suite" "$root" $options >&2 || {
  log=$root/debootstrap/debootstrap.log
  tail -n 20 "$log" >&2
  grep -aE -A 4 '^(dpkg|E|W|tar|gpgv): ' "$log" | tail -n 30 >&2
  exit 1
}

if [ -e answers ]; then
  DEBIAN_FRONTEND=noninteractive chroot "$root" debconf-set-selections <answers >&2 || {
    echo 'debconf refuses the answers under "debconf" of the recipe' >&2
    exit 1
  }
fi
if [ "$#" -gt 0 ]; then
  mv mirror "$root/mirror"
  echo "deb [trusted=yes] file:/mirror $suite main" >"$root/mirror/sources"
  cat >"$root/mirror/apt.conf" <<'END'
${aptConfiguration}
END
  printf '#!/bin/sh\\nexit 101\\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  export APT_CONFIG=/mirror/apt.conf
  chroot "$root" apt-get -qq update >&2
  chroot "$root" apt-get -qq --yes install "$@" >&2
  rm "$root/usr/sbin/policy-rc.d"
  rm -r "$root/mirror"
fi
rm -f "$root"/var/cache/apt/archives/*.deb
umount -l "$devfs" 2>/dev/null || true
remove_devices "$root"
: >end
exec tar --sort=name --numeric-owner --xattrs --xattrs-include='*' -cf - begin end root
`;

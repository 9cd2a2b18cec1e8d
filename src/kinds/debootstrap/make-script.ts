import { chrootDevices } from '../../steps/devices.ts';
import { callDebootstrap, standIns } from './debootstrap-shell.ts';

/**
 * Makes the base set with debootstrap. What was made or changed meanwhile bears times between those of
 * `begin` and `end`, by whatever the machine's clock says.
 *
 * On stdin a tar: `mirror/`, a mirror of exactly the packages. Parameters: debootstrap's script for the
 * suite's relatives, the suite, debootstrap's options. On stdout a tar: `begin`, `end` and `root/`. It is
 * packed by name, so that no order depends on a file system.
 */
export const makeScript = `${standIns}${callDebootstrap}${chrootDevices}
umask 022
cd /build
tar -xf - --no-same-owner
relative=$1 suite=$2
shift 2

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
call_debootstrap "$relative" "$suite" "$root" "$@" >&2 || {
  log=$root/debootstrap/debootstrap.log
  tail -n 20 "$log" >&2
  grep -aE -A 4 '^(dpkg|E|W|tar|gpgv): ' "$log" | tail -n 30 >&2
  exit 1
}
umount -l "$devfs" 2>/dev/null || true

rm -f "$root"/var/cache/apt/archives/*.deb
remove_devices "$root"
: >end
exec tar --sort=name --numeric-owner --xattrs --xattrs-include='*' -cf - begin end root
`;

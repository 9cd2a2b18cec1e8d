import { chrootDevices } from '../../steps/devices.ts';
import { callDebootstrap, standIns } from './debootstrap-shell.ts';
import { unpackFunctions } from './unpack-script.ts';

/**
 * Makes a root filesystem: one of the makers the base set. What was made or changed meanwhile bears times
 * between those of `begin` and `end`, by whatever the machine's clock says.
 *
 * On stdin a tar: `mirror/`, a mirror of exactly the packages. Parameters: the maker, debootstrap's script
 * for the suite's relatives, the suite, the base set in one word, debootstrap's options. On stdout a tar:
 * `begin`, `end` and `root/`. It is packed by name, so that no order depends on a file system.
 */
export const makeScript = `${standIns}${callDebootstrap}${unpackFunctions}${chrootDevices}
umask 022
cd /build
tar -xf - --no-same-owner
maker=$1 relative=$2 suite=$3 base=$4
shift 4

debootstrap_base() {
  # The package makedev, which xenial still has, makes dozens more unless this one says that devfs does.
  devfs=$root/dev/.devfsd
  mknod "$devfs" c 1 3 2>/dev/null || {
    true >"$devfs"
    mount -o bind /dev/null "$devfs"
  }
  stand_in
  call_debootstrap "$relative" "$suite" "$root" "$@" || {
    log=$root/debootstrap/debootstrap.log
    tail -n 20 "$log"
    grep -aE -A 4 '^(dpkg|E|W|tar|gpgv): ' "$log" | tail -n 30
    exit 1
  }
  umount -l "$devfs" 2>/dev/null || true
}

: >begin
root=/build/root
mkdir -m 755 "$root"
brings_links || maker=debootstrap
if [ "$maker" = mkbase ]; then
  unpack_base "$root" $base >&2
  if [ -n "$(files_of_several)" ]; then
    maker=debootstrap
    rm -r "$root"
    mkdir -m 755 "$root"
  fi
fi
make_devices "$root"
if [ "$maker" = mkbase ]; then configure_base "$root" $base >&2; else debootstrap_base "$@" >&2; fi

rm -f "$root"/var/cache/apt/archives/*.deb
remove_devices "$root"
: >end
exec tar --sort=name --numeric-owner --xattrs --xattrs-include='*' -cf - begin end root
`;

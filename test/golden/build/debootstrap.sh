
stand_in() {
  mkdir /build/bin
  cat >/build/bin/wget <<'END'
#!/bin/sh
while [ "$#" -gt 1 ]; do
  if [ "$1" = -O ]; then to=$2; fi
  shift
done
[ -e /build/default-mirror ] || echo "${1%%/dists/*}" >/build/default-mirror
read -r mirror </build/default-mirror
exec ln "/build/mirror/${1#"$mirror"/}" "$to"
END
  printf '#!/bin/sh\nexit 1\n' >/build/bin/mount
  printf '#!/bin/sh\n' >/build/bin/sync
  chmod 755 /build/bin/*
}

call_debootstrap() {
  relative=$1 suite=$2 folder=$3
  shift 3
  if [ -e "/usr/share/debootstrap/scripts/$suite" ]; then relative=$suite; fi
  PATH=/build/bin:$PATH debootstrap --no-check-sig "$@" "$suite" "$folder" '' "$relative"
}

make_device() {
  if mknod -m 666 "$1/dev/$2" c "$3" "$4" 2>/dev/null; then return 0; fi
  true >"$1/dev/$2"
  mount -o bind "/dev/$2" "$1/dev/$2"
}
make_devices() {
  if [ -e "$1/dev" ] || [ -L "$1/dev" ]; then mv "$1/dev" "$1.dev"; fi
  mkdir -m 755 "$1/dev" "$1/dev/pts"
  mkdir -m 1777 "$1/dev/shm"
  make_device "$1" full 1 7
  make_device "$1" null 1 3
  make_device "$1" random 1 8
  make_device "$1" tty 5 0
  make_device "$1" urandom 1 9
  make_device "$1" zero 1 5
  ln -s /proc/self/fd "$1/dev/fd"
  ln -s /proc/self/fd/0 "$1/dev/stdin"
  ln -s /proc/self/fd/1 "$1/dev/stdout"
  ln -s /proc/self/fd/2 "$1/dev/stderr"
}
remove_devices() {
  for device in full null random tty urandom zero; do
    umount -l "$1/dev/$device" 2>/dev/null || true
  done
  rm -r "$1/dev"
  if [ -e "$1.dev" ] || [ -L "$1.dev" ]; then mv "$1.dev" "$1/dev"; else mkdir -m 755 "$1/dev"; fi
}

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

if [ "$#" -gt 0 ]; then
  mv mirror "$root/mirror"
  echo "deb [trusted=yes] file:/mirror $suite main" >"$root/mirror/sources"
  cat >"$root/mirror/apt.conf" <<'END'
Dir::Etc::sourcelist "/mirror/sources";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Dpkg::Use-Pty "false";
END
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
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

/**
 * Devices that programs rely on, as `name major minor` (Linux, admin-guide/devices.txt); all mode
 * 666.
 */
const devices = [
  'full 1 7',
  'null 1 3',
  'random 1 8',
  'tty 5 0',
  'urandom 1 9',
  'zero 1 5',
] as const;

const links = { fd: '', stdin: '/0', stdout: '/1', stderr: '/2' } as const;

const makeEach = devices.map((device) => `make_device "$1" ${device}`).join('\n  ');
const linkEach = Object.entries(links)
  .map(([name, end]) => `ln -s /proc/self/fd${end} "$1/dev/${name}"`)
  .join('\n  ');
const unmountEach = devices.map((device) => device.slice(0, device.indexOf(' '))).join(' ');

/**
 * Shell functions for a step that declares `rootfsCapabilities` and runs programs in a chroot; they
 * want mknod, mount, umount and the like, coreutils', util-linux's or busybox's.
 *
 * `make_devices ROOT` gives the tree at ROOT (absolute, no slash at its end) a /dev of its own: the
 * devices above, the links fd, stdin, stdout and stderr, and the folders pts and shm, both empty.
 * The former ROOT/dev waits at ROOT.dev. Device nodes are made where that is permitted, and in a
 * user namespace, where it never is (mknod(2)), those of the step's own /dev are bind-mounted.
 *
 * `remove_devices ROOT` takes all of that away again and puts back what was there, an empty folder
 * of mode 755 if nothing was. It has to come before the tree is packed.
 *
 * There is no /proc, for no container may mount one (the scripts of a base set get by, as they do when
 * images are built elsewhere), and so the links, as /dev/stdout, lead nowhere in the chroot.
 */
export const chrootDevices = `
make_device() {
  if mknod -m 666 "$1/dev/$2" c "$3" "$4" 2>/dev/null; then return 0; fi
  true >"$1/dev/$2"
  mount -o bind "/dev/$2" "$1/dev/$2"
}
make_devices() {
  if [ -e "$1/dev" ] || [ -L "$1/dev" ]; then mv "$1/dev" "$1.dev"; fi
  mkdir -m 755 "$1/dev" "$1/dev/pts"
  mkdir -m 1777 "$1/dev/shm"
  ${makeEach}
  ${linkEach}
}
remove_devices() {
  for device in ${unmountEach}; do
    umount -l "$1/dev/$device" 2>/dev/null || true
  done
  rm -r "$1/dev"
  if [ -e "$1.dev" ] || [ -L "$1.dev" ]; then mv "$1.dev" "$1/dev"; else mkdir -m 755 "$1/dev"; fi
}
`;

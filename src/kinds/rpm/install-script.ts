import { chrootDevices } from '../../steps/devices.ts';

/**
 * Installs packages with rpm into an empty root. Scriptlets run in a chroot there, with a /dev and without
 * /proc. What was made or changed meanwhile bears times between those of `begin` and `end`. rpm ends well
 * when most scriptlets fail: its words and its exit status are the answer.
 *
 * On stdin a tar: `packages/`. Parameters: the folder of rpm's database below the root, options of rpm. On
 * stdout a tar: `begin`, `end`, `words`, `status` and `root/`, packed by name.
 */
export const installScript = `${chrootDevices}
umask 022
cd /build
tar -xf - --no-same-owner
database=$1
shift

: >begin
root=/build/root
mkdir -m 755 "$root"
make_devices "$root"
status=0
rpm --root "$root" --dbpath "/$database" -U "$@" packages/*.rpm >words 2>&1 </dev/null || status=$?
cat words >&2
echo "$status" >status
remove_devices "$root"
: >end
exec tar --sort=name --numeric-owner --xattrs --xattrs-include='*' -cf - begin end words status root
`;

/**
 * Options of rpm. Signatures and digests are verified before and are not asked for again; a scriptlet that
 * is to be cut off from a network has none here; accounts are made by systemd-sysusers of the builder.
 */
export const rpmOptions: readonly string[] = [
  '--nosignature',
  ...['--define', '_pkgverify_level none'],
  ...['--define', '__transaction_unshare %{nil}'],
  ...['--define', '__systemd_sysusers /usr/bin/systemd-sysusers'],
];

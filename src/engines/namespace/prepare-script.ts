import { writableFolders } from '../step.ts';
import { capabilitiesFile, capabilitiesOptions } from './capabilities.ts';
import { cannotLayer, die, newRoot } from './scripts.ts';

const isTemporary = (folder: string) => folder.endsWith('tmp');
/** Names in the memory file system, for instance `var-tmp`. */
const nameOf = (folder: string) => folder.slice(1).replaceAll('/', '-');

const makeFolders = writableFolders
  .map((folder) => `mkdir -m ${isTemporary(folder) ? '1777' : '755'} ${nameOf(folder)}`)
  .join('\n');
const bindFolders = writableFolders
  .map((folder) => `echo '/tmp/${nameOf(folder)} ${newRoot}${folder} none bind 0 0'`)
  .join('\n');

/** Files of /proc that tell of the whole machine, as of its user's keys; containers lack them, too. */
const coveredFiles = [
  ...['kcore', 'key-users', 'keys', 'latency_stats', 'sched_debug', 'timer_list', 'timer_stats'],
] as const;

/** Folders of /sys that containers do not see: firmware of the machine, and its use of power. */
const coveredFolders = ['firmware', 'devices/virtual/powercap'] as const;

/** Files that containers find in /etc, whatever the image has there. */
const networkFiles: Readonly<Record<string, string>> = {
  hostname: 'mkbase',
  hosts: '127.0.0.1\\tlocalhost\\n::1\\tlocalhost ip6-localhost ip6-loopback',
  'resolv.conf': '# There is no network.',
};

const writeNetworkFiles = Object.entries(networkFiles)
  .map(
    ([name, text]) =>
      `target=${newRoot}/etc/${name}
  if [ ! -L "$target" ] && { [ -f "$target" ] || { [ ! -e "$target" ] && : >"$target"; }; }; then
    printf '${text}\\n' >etc/${name}
  fi`,
  )
  .join('\n  ');

/** The size that docker gives /dev/shm. */
const sharedBytes = 64 * 1024 ** 2;

/**
 * Process 1 of the new namespaces, on the old root. The new root is put together on /tmp, which
 * every system has, in a memory file system that also holds /dev, the folders that a step can write
 * to, and what an image writes. An overlay says of its layers what it is told, so that no path of the
 * host stands in the mount table; where it is not permitted, a bind mount has to do. Parameters:
 * folder of the root file system, below the working folder; \`step\`; \`tree\`, which writes to a copy of
 * that folder in memory; \`image\`, which writes to that
 * folder where an overlay is not permitted, \`image-kept\`, which never does, or \`image-on-disk\`,
 * which does; size of the memory file system in bytes; the launcher as a format of printf(1); then the
 * command to become. Owners and modes of files are listed in folders beside the tree (owners.ts), and
 * capabilities are in an archive there (capabilities.ts). A terminal of the program's own, or
 * of its door, is /dev/console, as in containers, so that it has a name.
 */
export const prepareScript = `
${die}
umask 022
root=$1 kind=$2 size=$3 launcher=$4
shift 4
hostname mkbase || die 'cannot set the host name'
echo "$((size / 4096))" 2>/dev/null >/proc/sys/kernel/shmall || :
case $kind in
  tree) beside=${sharedBytes} ;;
  *) beside=$size ;;
esac
mount -t tmpfs -o "mode=755,size=$beside" mkbase /tmp || die 'cannot mount a memory file system'
mkdir ${newRoot} /tmp/upper /tmp/work
case $kind in
  tree)
    mount -t tmpfs -o "mode=755,size=$size" mkbase ${newRoot} || die 'cannot mount a memory file system'
    cp -a "$root/." ${newRoot} || die 'cannot copy the root file system'
    mkdir -p ${newRoot}/sys
    ;;
esac
case $kind in
  step) layers="ro,lowerdir=$root:/tmp/upper" ;;
  image | image-kept) layers="lowerdir=$root,upperdir=/tmp/upper,workdir=/tmp/work,userxattr" ;;
  *) layers= ;;
esac
lists='owners/* modes/*'
if [ "$kind" = tree ]; then
  lists=
elif [ -z "$layers" ] || ! mount -t overlay -o "$layers" mkbase ${newRoot} 2>/dev/null; then
  if [ "$kind" = image-kept ]; then die '${cannotLayer}'; fi
  mount -c --bind "$root" ${newRoot} || die 'cannot mount the root file system'
  if [ "$kind" = step ]; then
    mount -o remount,bind,ro ${newRoot} || die 'cannot make the root file system read-only'
  fi
  if [ "$kind" = image ]; then lists=; fi
fi
for list in $lists; do
  [ -e "$list" ] || continue
  case $list in
    owners/*) change='chown -h' ;;
    *) change=chmod ;;
  esac
  (cd ${newRoot} && exec xargs -0 $change "\${list##*/}" --) <"$list" ||
    die 'cannot give files to their owners'
done
if [ -n "$lists" ] && [ -e ${capabilitiesFile} ]; then
  tar -xpf ${capabilitiesFile} -C ${newRoot} --same-owner --numeric-owner ${capabilitiesOptions} ||
    die 'cannot give files their capabilities'
fi
cd /tmp
ip link set lo up 2>/dev/null || :
mkdir dev dev/.host dev/pts
mkdir -m 1777 dev/shm
for device in full null random tty urandom zero; do : >"dev/$device"; done
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
ln -s pts/ptmx dev/ptmx
terminal=
if [ -t 0 ] && [ -t 1 ]; then terminal=$(readlink /proc/self/fd/0); fi
if [ -t 3 ]; then terminal=$(readlink /proc/self/fd/3); fi
if [ -n "$terminal" ]; then : >dev/console; fi
mkfifo ready go
exec 5<>ready 6<ready 7>ready 5<&-
exec 5<>go 8<go 4>go 5<&-
printf "$launcher" >launcher
chmod 755 launcher
exec 5<launcher
# As in containers; a link may lead anywhere.
if [ "$kind" != step ] && [ ! -L ${newRoot}/etc ] && mkdir -p ${newRoot}/etc 2>/dev/null; then
  mkdir etc
  ${writeNetworkFiles}
fi
{
  echo '/tmp/dev ${newRoot}/dev none bind 0 0'
  for device in full null random tty urandom zero; do
    echo "/dev/$device ${newRoot}/dev/$device none bind 0 0"
  done
  if [ -e dev/console ]; then echo "$terminal ${newRoot}/dev/console none bind 0 0"; fi
  echo 'devpts ${newRoot}/dev/pts devpts newinstance,ptmxmode=666,mode=620,nosuid,noexec 0 0'
  if [ "$kind" = step ]; then
    ${bindFolders}
  else
    echo 'shm ${newRoot}/dev/shm tmpfs nosuid,nodev,mode=1777,size=${sharedBytes} 0 0'
    for file in ${Object.keys(networkFiles).join(' ')}; do
      if [ -e "etc/$file" ]; then echo "/tmp/etc/$file ${newRoot}/etc/$file none bind 0 0"; fi
    done
  fi
  echo 'proc ${newRoot}/proc proc nosuid,nodev,noexec 0 0'
  for file in ${coveredFiles.join(' ')}; do
    if [ -e "/proc/$file" ]; then echo "/dev/null ${newRoot}/proc/$file none bind 0 0"; fi
  done
  echo '${newRoot}/proc/sys ${newRoot}/proc/sys none bind,ro,nosuid,nodev,noexec 0 0'
} >fstab
if [ "$kind" = step ]; then
  ${makeFolders}
fi
if [ "$kind" != step ] && mount -t sysfs -o ro,nosuid,nodev,noexec sysfs ${newRoot}/sys 2>/dev/null; then
  for folder in ${coveredFolders.join(' ')}; do
    if [ -d "${newRoot}/sys/$folder" ]; then
      mount -t tmpfs -o ro,nosuid,nodev,noexec covered "${newRoot}/sys/$folder" || die 'cannot cover a folder of /sys'
    fi
  done
fi
mount -a -T fstab || die 'cannot mount /proc, /dev and the writable folders'
cd /
exec "$@"
`;

import { clockFile } from './clamp-times.ts';
import { engineFiles, mountedFiles, mountedFolders, podmanFile } from './mounted-paths.ts';

/** The folder of the step's own tools and files, below the root of the tree; no part of the tree. */
export const ownFolder = '.mkbase-step';

/** Programs of the builder that the driver calls once the builder is gone. */
export const ownTools = [
  'cat',
  'chmod',
  'cp',
  'date',
  'env',
  'mkdir',
  'mv',
  'rm',
  'sh',
  'tar',
  'touch',
] as const;

/**
 * Takes only the extended attributes that are part of a file's meaning everywhere: a label that the
 * host's security module puts on each file (security.selinux) is none.
 */
const attributes = "--xattrs --xattrs-include='security.capability' --xattrs-include='user.*'";

const excludes = [ownFolder, ...mountedFolders, ...mountedFiles]
  .map((path) => `--exclude=./${path}`)
  .join(' ');

/**
 * Shell function that calls a tool by its own loader, with its own libraries: those of the tree are
 * others, and the script may change them.
 */
export const toolFunction = `
own=/${ownFolder}
tool() { name=$1; shift; "$own/loader" --library-path "$own/lib" "$own/bin/$name" "$@"; }
`;

/** Removes the builder from the root; what the engine mounts there cannot be removed. */
const removeBuilder = `for path in /* /.[!.]* /..?*; do
  case $path in
    "$own" | ${mountedFolders.map((path) => `/${path}`).join(' | ')}) ;;
    *) tool rm -rf -- "$path" 2>/dev/null || : ;;
  esac
done`;

/**
 * Turns a builder with a root of its own (Step.root) into a tree: copies the tools and the libraries
 * that they ask for, clears the root, and unpacks what comes on stdin there. What the engine mounts
 * bears the text that the tree has there, whatever the engine wrote. Stdout is the log
 * from then on, and descriptor 3 the step's own. `more` are words of the script that name more programs of the
 * builder, and folders, which begin with a slash; `clearing` is the script that clears the root.
 */
const entering = (more: string, clearing = removeBuilder): string => `
umask 022
exec 3>&1 1>&2
${toolFunction}
mkdir -m 755 "$own" "$own/bin" "$own/lib"
for loader in /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.*; do
  if [ -e "$loader" ]; then break; fi
done
cp -L "$loader" "$own/loader"
for name in ${ownTools.join(' ')}${more}; do
  case $name in
    /*)
      mkdir -p "$own\${name%/*}"
      cp -rL "$name" "$own$name"
      continue
      ;;
  esac
  program=/usr/bin/$name
  if ! [ -e "$program" ]; then program=/bin/$name; fi
  cp -L "$program" "$own/bin/$name"
  LD_TRACE_LOADED_OBJECTS=1 "$loader" "$program" | while read -r name arrow path rest; do
    if [ "$arrow" = '=>' ] && ! [ -e "$own/lib/$name" ]; then cp -L "$path" "$own/lib/$name"; fi
  done
done
${clearing}
cd /
podman=
if [ -e /${podmanFile} ]; then podman=--exclude=./${podmanFile}; fi
tool tar -xpf - --same-owner --numeric-owner ${attributes}
for file in ${mountedFiles.join(' ')}; do
  tool mkdir -p "/\${file%/*}"
  tool touch -r "/\${file%/*}" "$own/times"
  tool cat "$own/mounted/$file" >"/$file"
  tool touch -r "$own/times" "/\${file%/*}"
done
exec 4</etc/hostname 5</etc/hosts 6</etc/resolv.conf
`;

/** Enters the tree, for a script whose arguments are its own. */
export const enterTree = entering('');

const driver = (entered: string) => `${entered}tool date +%s >"$own/clock"
tool sh "$own/step.sh" </dev/null 3>&- 4<&- 5<&- 6<&-
tool date +%s >>"$own/clock"
kill -s KILL -- -1 2>/dev/null || :
still() {
  if [ "/proc/self/fd/$1" -ef "$2" ]; then return 0; fi
  echo "A command removed or replaced $2, which the engine mounts; it stays as it was in the tree."
  exit 1
}
still 4 /etc/hostname
still 5 /etc/hosts
still 6 /etc/resolv.conf
tool rm -rf -- /${clockFile}
tool cp "$own/clock" /${clockFile}
exec "$own/loader" --library-path "$own/lib" "$own/bin/tar" -cf - -C / --one-file-system --sort=name \\
  --numeric-owner ${attributes} --anchored ${excludes} $podman . >&3 4<&- 5<&- 6<&-
`;

/**
 * Enters the tree, runs the step's script, ends every process that it left, and packs the tree but for what
 * the engine mounts.
 *
 * A constant: what varies is in the files of the tar that it reads, and its arguments are names of more programs
 * that the step's script calls. It is the first process of a
 * container: its stdout is the log, so that a command that writes to /proc/1/fd/1 writes there, too.
 */
export const treeDriver = driver(entering(' "$@"'));

/** Does the same in a container whose root is the tree already: what the engine put there comes with the rest. */
export const begunDriver = driver(
  entering(' "$@"', `tool rm -f --${engineFiles.map((path) => ` /${path}`).join('')}`),
);

import { posix } from 'node:path';
import { fromByteString } from '../../../base/byte-string.ts';
import type { Entry } from '../../../tar/entry.ts';
import type { FileEntry } from '../output.ts';

/** The folder in which builds find the linker before the toolchain's own (gcc(1), COMPILER_PATH). */
export const linkerFolder = 'link';
/** Below `out/`: a record for each file that was linked, at the path of that file. */
const recordFolder = 'links';
const ending = '.trace';

/**
 * Returns the line of shell that sets a variable to the tool in whose place a script stands. Those of a compiler for
 * another platform have its target before their names, and the compiler calls them without.
 */
export const toolBehind = (variable: string, target: string | undefined): string =>
  target === undefined
    ? `${variable}=/usr/bin/\${0##*/}`
    : `${variable}=\${0##*/} ${variable}=/usr/bin/${target}-\${${variable}#${target}-}`;

/**
 * Stands in the linker's place and has it say which files and archive members it reads (ld(1), `-t`
 * twice), besides what it is asked to do; the bytes that it links are the same. The build's own commands
 * run under it as they are: nothing is added to them, and where they ask the linker itself for words on
 * standard output they get those and no record is kept. The last link of a file is the one that counts.
 */
export const linker = (target: string | undefined): string => `#!/bin/sh
words() {
  for word do
    case $word in
      @*) cat "\${word#@}" ;;
      *) printf '%s\\n' "$word" ;;
    esac
  done
}
output() {
  name=a.out next=
  while IFS= read -r word; do
    if [ "$next" ]; then
      name=$word next=
      continue
    fi
    case $word in
      -o | --output) next=1 ;;
      --output=*) name=\${word#*=} ;;
      -o?*) name=\${word#-o} ;;
    esac
  done
  printf '%s\\n' "$name"
}
${toolBehind('real', target)}
for word do
  case $word in
    -t | --trace | -M | --print-* | -v | -V | --version | --verbose | --help | --target-help)
      exec "$real" "$@" ;;
  esac
done
name=$(words "$@" | output)
case $name in
  /*) ;;
  *) name=$(pwd -P)/$name ;;
esac
keep() {
  folder=$(cd "\${name%/*}/" && pwd -P) &&
    record=\${0%/*}/../out/${recordFolder}$folder/\${name##*/}${ending} &&
    mkdir -p "\${record%/*}" &&
    pwd -P >"$record"
}
if keep 2>/dev/null; then
  exec "$real" -t -t "$@" >>"$record"
fi
exec "$real" "$@"
`;

/** The files that a linker says it read. */
export interface LinkRecord {
  /** Absolute paths. */
  readonly objects: readonly string[];
  readonly members: readonly { readonly archive: string; readonly member: string }[];
}

/** Endings of files that are no objects: libraries, whose members are listed apart, and linker scripts. */
const noObject = /\.(?:a|so(?:\.[0-9.]+)?|ld|lds|x)$/;

/**
 * Reads the linker's words: the folder that it ran in, then a line for each file that it read, and for
 * each member `(archive)member` or `archive(member)`, as versions of binutils differ.
 */
export function parseRecord(text: string): LinkRecord {
  const [start = '', ...lines] = text.split('\n');
  const folder = posix.join('/', start);
  const objects = new Set<string>();
  const members = new Map<string, { archive: string; member: string }>();
  for (const line of lines) {
    const [, before, after] = /^\(([^()]+)\)(.+)$/.exec(line) ?? [];
    const [, outer = before, inner = after] = /^([^()]+)\(([^()]+)\)$/.exec(line) ?? [];
    if (outer !== undefined && inner !== undefined) {
      const archive = posix.resolve(folder, outer);
      members.set(`${archive}(${inner})`, { archive, member: inner });
    } else if (line !== '' && !noObject.test(line)) {
      objects.add(posix.resolve(folder, line));
    }
  }
  return { objects: [...objects], members: [...members.values()] };
}

/** Returns the records among a build's output, by the absolute path of the file that was linked. */
export function linkRecords(built: readonly Entry[]): Map<string, FileEntry> {
  const records = new Map<string, FileEntry>();
  for (const entry of built) {
    const path = fromByteString(entry.path);
    if (entry.type !== 'file' || !path.startsWith(`${recordFolder}/`)) continue;
    if (path.endsWith(ending)) records.set(path.slice(recordFolder.length, -ending.length), entry);
  }
  return records;
}

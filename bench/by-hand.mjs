// Root filesystems of Debian as people make them by hand.
import { join } from 'node:path';
import { ownMirror, remove, shell, timed, work, writeFiles } from './workbench.mjs';

const imported = 'tar -C "$1" -c . | docker import - byhand/debian >/dev/null';

/** A side that makes a root filesystem in a folder and imports it. */
const byHand = (name, script, ...words) => ({
  name,
  before: () => remove('byhand', 'byhand.log'),
  run: () => timed(shell(`${ownMirror}${script}\n${imported}`, join(work, 'byhand'), ...words)),
});

export const debootstrap = byHand(
  'debootstrap --variant=minbase, docker import',
  'debootstrap --variant=minbase trixie "$1" "$mirror" >"$1.log"',
);
export const mmdebstrap = byHand(
  'mmdebstrap --variant=minbase, docker import',
  'mmdebstrap --quiet --variant=minbase trixie "$1" "$mirror" >"$1.log" 2>&1',
);

/** debootstrap with further words, from packages that an earlier turn has left in a folder of that name. */
export const cachedPackages = (name, ...words) => {
  const folder = writeFiles(name, { '.keep': '' });
  const script = `tree=$1; debs=$2; shift 2
    debootstrap --cache-dir="$debs" --variant=minbase "$@" trixie "$tree" "$mirror" >"$tree.log"
    set -- "$tree"`;
  return byHand('debootstrap from a warm cache, docker import', script, folder, ...words);
};

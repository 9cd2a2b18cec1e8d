// Sizes of images against those of others. debuerreotype brings its own rules, which are what is compared.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { mkbase, ownMirror, remove, shell, timed, work, writeFiles } from './workbench.mjs';

const tarOf = (name) => join(work, `${name}.tar`);
const writeRootfs = (name) =>
  timed(mkbase('debian', name, '--no-test', '--output', `type=rootfs,dest=${tarOf(name)}`));

/** Megabytes of the files below a folder, each once. */
function megabytesBelow(top) {
  const sizes = new Map();
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = statSync(join(entry.parentPath ?? entry.path, entry.name));
    sizes.set(ino, size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1e6;
}

const slim = {
  title: 'Size of debian-slim, against debuerreotype-slimify of the same suite',
  ...{ unit: 'MB', pairs: 1, promise: 1 },
  prepare() {
    writeRootfs('debian-slim');
    remove('byhand');
    const unpacked = writeFiles('slim', { '.keep': '' });
    timed(['tar', '-C', unpacked, '-xf', tarOf('debian-slim')]);
    const peer = join(work, 'byhand');
    const script = `${ownMirror}debuerreotype-init --non-debian "$1" trixie "$mirror" >"$1.log"
      debuerreotype-minimizing-config "$1"; debuerreotype-slimify "$1" >>"$1.log"
      rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/*`;
    timed(shell(script, peer));
    return {
      sides: [
        { name: 'mkbase debian-slim', run: () => megabytesBelow(unpacked) },
        { name: 'debuerreotype-slimify', run: () => megabytesBelow(peer) },
      ],
    };
  },
};

const busybox = {
  ...{ title: 'busybox (musl), compressed with gzip', unit: 'MB', pairs: 1, most: 0.88616 },
  prepare() {
    writeRootfs('busybox');
    const bytes = () => gzipSync(readFileSync(tarOf('busybox')), { level: 6 }).length;
    return { sides: [{ name: 'mkbase busybox', run: () => bytes() / 1e6 }] };
  },
};

export const forms = { 'slim-bytes': slim, 'busybox-bytes': busybox };

// Sizes of images against those of others. debuerreotype needs its snapshot service, or says so; its own
// rules are what is compared.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { mkbase, ownMirror, shell, timed, work } from './workbench.mjs';

const folder = join(work, 'sizes');
const tar = (name) => join(folder, `${name}.tar`);

function writeRootfs(name) {
  mkdirSync(folder, { recursive: true });
  timed(mkbase('debian', name, '--no-test', '--output', `type=rootfs,dest=${tar(name)}`));
}

/** Sum of the sizes of the files below a folder, as `rootfsBytes` counts them. */
function bytesBelow(top) {
  const inodes = new Set();
  let sum = 0;
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = statSync(join(entry.parentPath, entry.name));
    if (!inodes.has(ino)) sum += size;
    inodes.add(ino);
  }
  return sum;
}

function debianSlim() {
  writeRootfs('debian-slim');
  const unpacked = join(folder, 'slim');
  mkdirSync(unpacked);
  timed(['tar', '-C', unpacked, '-xf', tar('debian-slim')]);
  const peer = join(folder, 'debuerreotype');
  timed(
    shell(
      `${ownMirror}debuerreotype-init --non-debian "$1" trixie "$mirror" >"$1.log"
       debuerreotype-minimizing-config "$1"; debuerreotype-slimify "$1" >>"$1.log"
       rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/*`,
      peer,
    ),
  );
  const [ours, theirs] = [bytesBelow(unpacked), bytesBelow(peer)];
  console.log('\nSize of debian-slim against debuerreotype-slimify of the same suite');
  console.log(
    `  ${ours} bytes against ${theirs}, ratio ${(ours / theirs).toFixed(3)}; promised at most 1`,
  );
}

function busybox() {
  writeRootfs('busybox');
  const { length } = gzipSync(readFileSync(tar('busybox')), { level: 6 });
  console.log('\nbusybox (musl), compressed with gzip; promised at most 886160 bytes');
  console.log(`  ${length} bytes`);
}

export const benches = { 'size-debian-slim': debianSlim, 'size-busybox': busybox };

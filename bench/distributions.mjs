// The numbers of images that are whole distributions; see bench.mjs.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inTurn, peakMegabytes, seconds } from './measure.mjs';

const shell = (script, ...args) => ['sh', '-euc', script, 'sh', ...args];

const mirror =
  "mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources | head -n 1)\n" +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  'mirror=${mirror:-http://ftp.debian.org/debian}\n';

/** Sum of the sizes of the files below a folder, as `rootfsBytes` counts them. */
function bytesBelow(folder) {
  const inodes = new Set();
  let sum = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = statSync(join(entry.parentPath, entry.name));
    if (!inodes.has(ino)) sum += size;
    inodes.add(ino);
  }
  return sum;
}

/** Benches by name; `work` is a folder of the run's own, `mkbase` makes a command line. */
export function distributionBenches({ work, mkbase }) {
  const quietly = (argv) => seconds(argv, { cwd: work });
  const forget = () => {
    rmSync(join(work, 'debian'), { recursive: true, force: true });
    rmSync(join(work, 'mkbase-out'), { recursive: true, force: true });
    quietly(shell('docker images -q "mkbase-toolchain/*" | sort -u | xargs -r docker rmi -f'));
  };
  const build = (...args) => quietly(mkbase('debian', ...args, '--engine', 'docker', '-q'));

  function cold() {
    inTurn(
      '`mkbase debian`, everything cold, the builder too',
      3,
      1,
      { name: 'mkbase debian --no-test', before: forget, run: () => build('debian', '--no-test') },
      {
        name: 'debootstrap --variant=minbase trixie, tar | docker import',
        before: () => rmSync(join(work, 'byhand'), { recursive: true, force: true }),
        run: () =>
          quietly(
            shell(
              `${mirror}debootstrap --variant=minbase trixie "$1" "$mirror" >"$1.log"
               tar -C "$1" -c . | docker import - byhand/debian >/dev/null`,
              join(work, 'byhand'),
            ),
          ),
      },
    );
  }

  function unchanged() {
    build('debian');
    const times = Array.from({ length: 9 }, () => build('debian')).sort((a, b) => a - b);
    console.log('\n`mkbase debian`, packages warm and nothing changed; promised under 0.3 s');
    console.log(`  ${times[4].toFixed(2)} s (${times[0].toFixed(2)}–${times[8].toFixed(2)})`);
  }

  /** debuerreotype needs its snapshot service, or says so; its own rules are what is compared. */
  function slim() {
    mkdirSync(join(work, 'sizes'), { recursive: true });
    const tar = (name) => join(work, 'sizes', `${name}.tar`);
    const rootfs = (name) => build(name, '--no-test', '--output', `type=rootfs,dest=${tar(name)}`);
    for (const name of ['debian-slim', 'busybox']) rootfs(name);
    const unpacked = join(work, 'sizes/slim');
    mkdirSync(unpacked);
    quietly(['tar', '-C', unpacked, '-xf', tar('debian-slim')]);
    const peer = join(work, 'sizes/debuerreotype');
    quietly(
      shell(
        `${mirror}debuerreotype-init --non-debian "$1" trixie "$mirror" >"$1.log"
         debuerreotype-minimizing-config "$1"; debuerreotype-slimify "$1" >>"$1.log"
         rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/*`,
        peer,
      ),
    );
    const [ours, theirs] = [bytesBelow(unpacked), bytesBelow(peer)];
    const ratio = (ours / theirs).toFixed(3);
    console.log('\nSize of debian-slim against debuerreotype-slimify of the same suite');
    console.log(`  ${ours} bytes against ${theirs}, ratio ${ratio}; promised at most 1`);
    const busybox = gzipSync(readFileSync(tar('busybox')), { level: 6 }).length;
    console.log('\nbusybox (musl), compressed with gzip; promised at most 886160 bytes');
    console.log(`  ${busybox} bytes`);
  }

  function memory() {
    forget();
    const peak = (...args) =>
      peakMegabytes(mkbase('debian', ...args, '--engine', 'docker', '-q'), {
        cwd: work,
        env: { ...process.env, NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak.mjs')}` },
      });
    console.log('\nPeak resident memory of mkbase for whole distributions; promised 150 MB');
    console.log(`  debian, everything cold: ${peak('debian').toFixed(0)} MB`);
    const busy = peak('python-hello');
    console.log(`  python-hello: ${busy.toFixed(0)} MB`);
  }

  return {
    'debian-cold': cold,
    'debian-unchanged': unchanged,
    sizes: slim,
    'debian-memory': memory,
  };
}

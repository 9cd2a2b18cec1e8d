// The numbers that mkbase promises, each against the way a person would do the same by hand, run in
// turn in one run. Needs root, a Docker daemon and debootstrap. `npm run bench -- NAME` runs one.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { distributionBenches } from './distributions.mjs';
import { inTurn, peakMegabytes, seconds } from './measure.mjs';

const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'dist/cli.js');
const work = mkdtempSync(join(tmpdir(), 'mkbase-bench-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const mkbase = (cache, ...args) => [
  'env',
  `XDG_CACHE_HOME=${join(work, cache)}`,
  process.execPath,
  cli,
  ...args,
];
const shell = (script, ...args) => ['sh', '-euc', script, 'sh', ...args];
const quietly = (argv) => seconds(argv, { cwd: work });

const flags = /flags:\s*\[([^\]]*)\]/
  .exec(readFileSync(join(root, 'recipes/hello/recipe.yaml'), 'utf8'))[1]
  .split(',')
  .map((flag) => flag.trim())
  .filter(Boolean);
const linkFlags = [
  ...['-static', '-nostdlib', '-nostartfiles', '-s', '-Wl,--build-id=none', '-Wl,-z,norelro'],
  ...['-Wl,-z,noseparate-code', '-Wl,-z,nosectionheader', '-Wl,--nmagic'],
];
const compiler = ['gcc', ...flags, ...linkFlags];

/** A copy of the hello recipe that may be edited. */
function helloCopy(name, { tests }) {
  const folder = join(work, name);
  cpSync(join(root, 'recipes/hello'), folder, { recursive: true });
  if (tests) return folder;
  const recipe = join(folder, 'recipe.yaml');
  writeFileSync(recipe, readFileSync(recipe, 'utf8').replace(/^test:[\s\S]*$/m, ''));
  return folder;
}

const source = readFileSync(join(root, 'recipes/hello/hello.c'), 'utf8');
const edit = (folder, turn) => writeFileSync(join(folder, 'hello.c'), `${source}// ${turn}\n`);

function first() {
  inTurn(
    'First ever `mkbase hello`, empty cache',
    3,
    0.5,
    {
      name: 'mkbase hello',
      before: () => {
        rmSync(join(work, 'first'), { recursive: true, force: true });
        rmSync(join(work, 'mkbase-out'), { recursive: true, force: true });
        quietly(shell('docker images -q "mkbase-toolchain/*" | sort -u | xargs -r docker rmi -f'));
      },
      run: () => quietly(mkbase('first', 'hello', '--engine', 'docker', '-q')),
    },
    {
      name: 'debootstrap, apt-get install gcc libc6-dev, compile, docker import',
      before: () => {
        rmSync(join(work, 'byhand'), { recursive: true, force: true });
        mkdirSync(join(work, 'byhand'));
      },
      run: () =>
        quietly(
          shell(
            `cd "$1"; shift
           mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources | head -n 1)
           debootstrap --variant=minbase trixie root "\${mirror:-http://ftp.debian.org/debian}" >log
           chroot root apt-get install -y --no-install-recommends gcc libc6-dev >>log 2>&1
           cp ${join(root, 'recipes/hello/hello.c')} root/hello.c
           mkdir root/out
           chroot root "$@" -o /out/hello hello.c
           tar -C root/out -c hello | docker import --change 'CMD ["/hello"]' - byhand/hello >>log`,
            join(work, 'byhand'),
            ...compiler,
          ),
        ),
    },
  );
}

/** The builder's image, for the hand that compiles in it. */
const builder = () =>
  shellOutput(
    "docker images --format '{{.Repository}}:{{.Tag}}' 'mkbase-toolchain/gcc-nolibc' | head -n 1",
  );

function shellOutput(script) {
  const file = join(work, 'output');
  seconds(shell(`(${script}) >"$1"`, file));
  return readFileSync(file, 'utf8').trim();
}

function editing(tests) {
  const folder = helloCopy(`edit-${tests}`, { tests });
  quietly(mkbase('edit', folder, '--engine', 'docker', '-q'));
  const hand = join(work, `hand-${tests}`);
  cpSync(folder, hand, { recursive: true });
  const image = builder();
  const what = tests ? ', the recipe with its smoke test' : '';
  inTurn(
    `Edit hello.c, image in the daemon${what}`,
    9,
    1.5,
    {
      name: 'mkbase ./hello',
      before: (turn) => edit(folder, turn),
      run: () => quietly(mkbase('edit', folder, '--engine', 'docker', '-q')),
    },
    {
      name: 'docker run (the same compiler and flags), docker import',
      before: (turn) => edit(hand, turn),
      run: () =>
        quietly(
          shell(
            `cd "$1"; image=$2; shift 2
           tar -c hello.c | docker run --rm -i --init --network none "$image" sh -ec \
             'mkdir /b; cd /b; tar -xf -; "$@" -o hello hello.c; tar -c hello' sh "$@" |
             docker import --change 'CMD ["/hello"]' - byhand/hello >/dev/null`,
            hand,
            image,
            ...compiler,
          ),
        ),
    },
  );
}

function unchanged() {
  const folder = helloCopy('unchanged', { tests: true });
  const context = join(work, 'context');
  mkdirSync(context);
  quietly(mkbase('edit', folder, '--engine', 'docker', '-q'));
  seconds(['docker', 'save', '-o', join(work, 'saved.tar'), 'mkbase/hello']);
  writeFileSync(join(context, 'hello'), source);
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY hello /hello\nCMD ["/hello"]\n');
  for (const [name, buildkit] of [
    ['BuildKit', '1'],
    ['the legacy builder', '0'],
  ]) {
    const peer = ['env', `DOCKER_BUILDKIT=${buildkit}`, '/usr/bin/docker', 'build', '-q', context];
    quietly(peer);
    inTurn(
      `Unchanged, against docker build with ${name}`,
      15,
      1,
      {
        name: 'mkbase ./hello',
        run: () => quietly(mkbase('edit', folder, '--engine', 'docker', '-q')),
      },
      { name: `docker build, ${name}`, run: () => quietly(peer) },
    );
  }
}

function memory() {
  console.log('\nPeak resident memory of mkbase, of which at most 150 MB is promised');
  for (const size of ['1M', '200M', '2G']) {
    const folder = join(work, `memory-${size}`);
    mkdirSync(folder);
    seconds(['sh', '-c', `head -c ${size} /dev/urandom >"$1"`, 'sh', join(folder, 'big')]);
    writeFileSync(
      join(folder, 'recipe.yaml'),
      'name: big\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /big, source: big }\n',
    );
    for (const output of ['import', 'oci']) {
      const args = [folder, '--engine', 'docker', '-q', '--output', `type=${output}`];
      console.log(`  ${size} rootfs, ${output}: ${peak(mkbase('memory', ...args)).toFixed(0)} MB`);
    }
    rmSync(folder, { recursive: true });
    rmSync(join(work, 'mkbase-out'), { recursive: true, force: true });
    seconds(['docker', 'rmi', '-f', 'mkbase/big']);
  }
  rmSync(join(work, 'first'), { recursive: true, force: true });
  quietly(shell('docker images -q "mkbase-toolchain/*" | sort -u | xargs -r docker rmi -f'));
  const cold = peak(mkbase('first', 'hello', '--engine', 'docker', '-q'));
  console.log(`  hello from an empty cache: ${cold.toFixed(0)} MB`);
}

const peak = (argv) =>
  peakMegabytes(argv, {
    cwd: work,
    env: { ...process.env, NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak.mjs')}` },
  });

const benches = {
  first,
  edit: () => editing(false),
  'edit-tested': () => editing(true),
  unchanged,
  memory,
  ...distributionBenches({ work, mkbase }),
};
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(benches)) benches[name]();

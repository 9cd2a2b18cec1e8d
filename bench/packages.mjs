// Packages added to a recipe, several recipes at once, and how cost grows with packages and with size.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedPackages } from './by-hand.mjs';
import {
  bare,
  forgetNodes,
  mkbase,
  printed,
  root,
  shell,
  timed,
  writeFiles,
} from './workbench.mjs';

/** Small packages that need nothing which python-hello has not. */
const small = ['python3-six', 'python3-attr', 'python3-chardet', 'python3-idna', 'python3-toml'];

const adding = {
  title: 'python-hello with one package added, against apt-get install in docker build',
  ...{ pairs: small.length, promise: 1 },
  prepare() {
    const [recipe, app] = ['recipe.yaml', 'app.py'].map((name) =>
      readFileSync(join(root, 'recipes/python-hello', name), 'utf8'),
    );
    const write = (name, package_) => {
      const packages = ['python3', 'python3-flask', ...(package_ ? [package_] : [])].join(', ');
      const own = recipe
        .replace(/^packages:.*$/m, `packages: [${packages}]`)
        .replace(/^test:[\s\S]*$/m, '')
        .replace(/^name:.*$/m, `name: ${name}`);
      return writeFiles(name, { 'recipe.yaml': own, 'app.py': app });
    };
    const base = write('bench-base');
    timed(mkbase('debian', base));
    const folder = write('bench-added');
    timed(mkbase('debian', folder));
    const context = writeFiles('added-context', { Dockerfile: '' });
    const docker = (name) => {
      const install = `apt-get update && apt-get install -y --no-install-recommends ${name}`;
      const Dockerfile = `FROM mkbase/bench-base\nUSER root\nRUN ${install}\nUSER app\n`;
      writeFiles('added-context', { Dockerfile });
    };
    const build = 'DOCKER_BUILDKIT=0 docker build -q --no-cache --network host "$1" >/dev/null';
    const chosen = (turn) => small[turn % small.length];
    return {
      sides: [
        {
          name: 'mkbase ./python-hello',
          before: (turn) => write('bench-added', chosen(turn)),
          run: () => timed(mkbase('debian', folder)),
        },
        {
          name: 'docker build, RUN apt-get install',
          before: (turn) => docker(chosen(turn)),
          run: () => timed(shell(build, context)),
        },
      ],
    };
  },
};

const names = Array.from({ length: 8 }, (_, index) => `side${index}`);

const severalAtOnce = {
  title: '8 recipes on one base with `mkbase a b …`, against one of them; inputs and builder warm',
  ...{ pairs: 5, promise: 2 },
  prepare() {
    const folders = names.map((name) => {
      const recipe = `name: ${name}\nextends: debian-slim\nfiles: [{ path: /name, content: ${name} }]\n`;
      return writeFiles(name, { 'recipe.yaml': recipe });
    });
    timed(mkbase('debian', ...folders));
    const side = (name, argv) => ({
      name,
      before: () => forgetNodes('debian'),
      run: () => timed(argv),
    });
    return {
      sides: [
        side('mkbase of 8 recipes', mkbase('debian', ...folders)),
        side('mkbase of one recipe', mkbase('debian', folders[0])),
      ],
    };
  },
};

/** A root filesystem with a file of so many megabytes, made anew each time. */
const ofSize = (megabytes) => ({
  title: `A root filesystem of ${megabytes} MB made and imported, against docker import of the same tar`,
  ...{ pairs: 3, plot: 'size', x: megabytes },
  prepare() {
    const name = `size-${megabytes}`;
    const recipe = `name: ${name}\nfrom:\n  debs: { packages: [netbase] }\nfiles:\n  - { path: /big, source: big }\n`;
    const write = () =>
      writeFiles(name, { 'recipe.yaml': recipe, big: randomBytes(megabytes * 1e6) });
    const folder = write();
    const tar = join(folder, '..', `${name}.tar`);
    timed([...mkbase('sizes', folder), '--output', `type=rootfs,dest=${tar}`]);
    const hand = shell('docker import "$1" byhand/size >/dev/null', tar);
    const forgetImages = () =>
      timed(shell('docker rmi -f "$1" byhand/size >/dev/null 2>&1 || :', `mkbase/${name}`));
    return {
      sides: [
        { name: 'mkbase', before: write, run: () => timed(mkbase('sizes', folder)) },
        { name: 'docker import', run: () => timed(hand) },
      ],
      close: forgetImages,
    };
  },
});

/** Packages in the order in which they are added: each brings what it depends on. */
const many = ['python3-minimal', 'python3', 'git', 'gcc', 'g++ make', 'cmake', 'python3-scipy'];

const countOf = (folder) => {
  const shown = printed(bare('debian', 'show', folder, '--json'));
  return JSON.parse(shown).lock.packages;
};

/** debian with the first `count` of those words, from warm inputs; x is the number of packages in the image. */
const ofPackages = (count) => ({
  title: `debian with ${many.slice(0, count).join(' ') || 'nothing'} added, inputs and builder warm`,
  ...{ pairs: 3, plot: 'packages' },
  prepare() {
    const name = `packages-${count}`;
    const wanted = many.slice(0, count).flatMap((each) => each.split(' '));
    const recipe = `name: ${name}\nextends: debian\npackages: [${wanted.join(', ')}]\n`;
    const folder = writeFiles(name, { 'recipe.yaml': recipe });
    const build = () => timed([...mkbase('debian', folder), '--no-test']);
    build();
    const include = wanted.length > 0 ? `--include=${wanted.join(',')}` : '--include=base-files';
    const hand = cachedPackages('more-debs', include);
    hand.before();
    hand.run();
    const ours = { name: 'mkbase', before: () => forgetNodes('debian'), run: build };
    return { x: countOf(folder), sides: [ours, hand] };
  },
});

export const forms = {
  'add-package': adding,
  'several-at-once': severalAtOnce,
  ...Object.fromEntries([1, 50, 200, 500, 1000].map((size) => [`size-${size}`, ofSize(size)])),
  ...Object.fromEntries([0, 2, 4, 7].map((count) => [`packages-${count}`, ofPackages(count)])),
};

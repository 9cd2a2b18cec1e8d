// One change until the image is in the daemon, against the same by hand.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bare,
  compiler,
  helloCopy,
  helloSource,
  mkbase,
  printed,
  shell,
  timed,
  work,
  writeFiles,
} from './workbench.mjs';

const edit = (folder, turn) => writeFileSync(join(folder, 'hello.c'), `${helloSource}// ${turn}\n`);

/** Compiles hello.c by hand in the builder's own image. */
function byHand(folder) {
  const hand = `${folder}-hand`;
  cpSync(folder, hand, { recursive: true });
  const format = '{{.Repository}}:{{.Tag}}';
  const list = `docker images --format '${format}' 'mkbase-toolchain/gcc-nolibc' | head -n 1`;
  const image = printed(shell(list));
  const script = `cd "$1"; image=$2; shift 2
    tar -c hello.c | docker run --rm -i --init --network none "$image" sh -ec \\
      'mkdir /b; cd /b; tar -xf -; "$@" -o hello hello.c; tar -c hello' sh "$@" |
      docker import --change 'CMD ["/hello"]' - byhand/hello >/dev/null`;
  return {
    name: 'docker run of the same compiler, docker import',
    before: (turn) => edit(hand, turn),
    run: () => timed(shell(script, hand, image, ...compiler)),
  };
}

const editing = (title, name, tests) => ({
  ...{ title, pairs: 9, promise: 1.5 },
  prepare() {
    const folder = helloCopy(name, { tests });
    timed(mkbase('edit', folder));
    const before = (turn) => edit(folder, turn);
    const ours = { name: 'mkbase ./hello', before, run: () => timed(mkbase('edit', folder)) };
    return { sides: [ours, byHand(folder)] };
  },
});

/** Starts `mkbase watch`; resolves, at the end of its first turn, to a way to wait for the next one's end. */
async function startWatching(folder) {
  const [program, ...words] = bare('edit', 'watch', folder, '--engine', 'docker');
  const child = spawn(program, [...words, '--progress', 'plain'], { cwd: work, stdio: 'pipe' });
  process.on('exit', () => child.kill());
  let [said, seen, ended] = ['', 0, false];
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
      wake();
    });
  }
  child.on('exit', () => {
    ended = true;
    wake();
  });
  const next = async () => {
    const turns = () => said.split('Ctrl-C ends it.').length - 1;
    while (turns() <= seen) {
      if (ended) throw new Error(`mkbase watch ended\n${said}`);
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
    seen = turns();
  };
  await next();
  const stop = async () => {
    child.kill('SIGINT');
    if (!ended) await once(child, 'exit');
  };
  return { next, stop };
}

const imageId = () => printed(shell('docker image inspect -f "{{.Id}}" mkbase/hello'));

const watching = {
  ...{ title: 'hello.c edited in `mkbase watch`, image in the daemon', pairs: 9, promise: 1.5 },
  async prepare() {
    const folder = helloCopy('watched', { tests: false });
    timed(mkbase('edit', folder));
    const { next, stop } = await startWatching(folder);
    const turnOf = async (turn) => {
      const [before, begin] = [imageId(), performance.now()];
      // A program that says something else, so that the image is another one.
      writeFileSync(join(folder, 'hello.c'), helloSource.replace('Hello', `Hello${turn}`));
      await next();
      const spent = (performance.now() - begin) / 1000;
      if (imageId() === before) throw new Error('mkbase watch made no new image');
      return spent;
    };
    return { sides: [{ name: 'mkbase watch', run: turnOf }, byHand(folder)], close: stop };
  },
};

const noteRecipe = `name: edited
extends: debian-slim
packages: [python3-minimal]
files: [{ path: /srv/note.txt, source: note.txt }]
`;

const editingFile = {
  title: 'One line of a file on debian-slim with python edited, image in the daemon',
  ...{ pairs: 9, promise: 1.5 },
  prepare() {
    const folder = writeFiles('edited', { 'recipe.yaml': noteRecipe });
    const tar = join(work, 'edited.tar');
    const edit = (turn) => writeFileSync(join(folder, 'note.txt'), `first\n${turn}\nlast\n`);
    edit('before');
    timed([...mkbase('debian', folder), '--output', `type=rootfs,dest=${tar}`]);
    timed(mkbase('debian', folder));
    const hand = shell('docker import "$1" byhand/edited >/dev/null', tar);
    return {
      sides: [
        { name: 'mkbase ./edited', before: edit, run: () => timed(mkbase('debian', folder)) },
        { name: 'docker import of the same tar', run: () => timed(hand) },
      ],
    };
  },
};

export const forms = {
  'edit-hello': editing('hello.c edited, image in the daemon', 'edit', false),
  'edit-hello-tested': editing(
    'hello.c edited, image in the daemon and its smoke test run, which the hand leaves out',
    'edit-tested',
    true,
  ),
  'edit-hello-watch': watching,
  'edit-file': editingFile,
};

// One changed source file until the image is in the daemon, against the same by hand.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn, seconds } from './measure.mjs';
import { compiler, helloCopy, helloSource, mkbase, shell, timed, work } from './workbench.mjs';

const edit = (folder, turn) => writeFileSync(join(folder, 'hello.c'), `${helloSource}// ${turn}\n`);

/** The builder's image, in which the hand compiles as well. */
function builderImage() {
  const file = join(work, 'output');
  const format = '{{.Repository}}:{{.Tag}}';
  const list = `docker images --format '${format}' 'mkbase-toolchain/gcc-nolibc' | head -n 1`;
  seconds(shell(`(${list}) >"$1"`, file));
  return readFileSync(file, 'utf8').trim();
}

function editing(tests) {
  const folder = helloCopy(`edit-${tests}`, { tests });
  timed(mkbase('edit', folder));
  const hand = join(work, `hand-${tests}`);
  cpSync(folder, hand, { recursive: true });
  const image = builderImage();
  inTurn(
    `Edit hello.c, image in the daemon${tests ? ', the recipe with its smoke test' : ''}`,
    9,
    1.5,
    {
      name: 'mkbase ./hello',
      before: (turn) => edit(folder, turn),
      run: () => timed(mkbase('edit', folder)),
    },
    {
      name: 'docker run (the same compiler and flags), docker import',
      before: (turn) => edit(hand, turn),
      run: () =>
        timed(
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

export const benches = {
  edit: () => editing(false),
  'edit-tested': () => editing(true),
};

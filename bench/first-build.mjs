// The first build on a machine, with everything cold, against the same by hand.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './measure.mjs';
import { compiler, forget, mkbase, ownMirror, root, shell, timed, work } from './workbench.mjs';

const byHand = join(work, 'byhand');

export const benches = {
  'first-hello': () =>
    inTurn(
      'First ever `mkbase hello`, empty cache',
      3,
      0.5,
      {
        name: 'mkbase hello',
        before: () => forget('first'),
        run: () => timed(mkbase('first', 'hello')),
      },
      {
        name: 'debootstrap, apt-get install gcc libc6-dev, compile, docker import',
        before: () => {
          rmSync(byHand, { recursive: true, force: true });
          mkdirSync(byHand);
        },
        run: () =>
          timed(
            shell(
              `cd "$1"; shift
               ${ownMirror}debootstrap --variant=minbase trixie root "$mirror" >log
               chroot root apt-get install -y --no-install-recommends gcc libc6-dev >>log 2>&1
               cp ${join(root, 'recipes/hello/hello.c')} root/hello.c
               mkdir root/out
               chroot root "$@" -o /out/hello hello.c
               tar -C root/out -c hello | docker import --change 'CMD ["/hello"]' - byhand/hello >>log`,
              byHand,
              ...compiler,
            ),
          ),
      },
    ),

  'first-debian': () =>
    inTurn(
      '`mkbase debian`, everything cold, the builder too',
      3,
      1,
      {
        name: 'mkbase debian --no-test',
        before: () => forget('debian'),
        run: () => timed(mkbase('debian', 'debian', '--no-test')),
      },
      {
        name: 'debootstrap --variant=minbase trixie, tar | docker import',
        before: () => rmSync(byHand, { recursive: true, force: true }),
        run: () =>
          timed(
            shell(
              `${ownMirror}debootstrap --variant=minbase trixie "$1" "$mirror" >"$1.log"
               tar -C "$1" -c . | docker import - byhand/debian >/dev/null`,
              byHand,
            ),
          ),
      },
    ),
};

// The first build on a machine, and builds of which only the inputs are there, against the same by hand.
import { join } from 'node:path';
import { cachedPackages, debootstrap, mmdebstrap } from './by-hand.mjs';
import {
  compiler,
  forget,
  forgetNodes,
  mkbase,
  ownMirror,
  remove,
  root,
  shell,
  timed,
  work,
} from './workbench.mjs';

const firstHello = {
  ...{ title: 'First ever `mkbase hello`, everything cold', pairs: 5, promise: 0.5 },
  prepare() {
    const script = `mkdir "$1"; cd "$1"; shift
      ${ownMirror}debootstrap --variant=minbase trixie root "$mirror" >log
      chroot root apt-get install -y --no-install-recommends gcc libc6-dev >>log 2>&1
      cp ${join(root, 'recipes/hello/hello.c')} root/hello.c
      mkdir root/out
      chroot root "$@" -o /out/hello hello.c
      tar -C root/out -c hello | docker import --change 'CMD ["/hello"]' - byhand/hello >>log`;
    const argv = shell(script, join(work, 'byhand'), ...compiler);
    return {
      sides: [
        {
          name: 'mkbase hello',
          before: () => forget('first'),
          run: () => timed(mkbase('first', 'hello')),
        },
        {
          name: 'debootstrap, apt-get install gcc libc6-dev, compile, docker import',
          before: () => remove('byhand'),
          run: () => timed(argv),
        },
      ],
    };
  },
};

const coldDebian = {
  title: 'Debian minbase, everything cold, the builder too, image in the daemon',
  ...{ pairs: 5, promise: 1 },
  prepare: () => ({
    sides: [
      {
        name: 'mkbase debian --no-test',
        before: () => forget('cold'),
        run: () => timed(mkbase('cold', 'debian', '--no-test')),
      },
      ...[debootstrap, mmdebstrap],
    ],
  }),
};

/** Builds debian once more with what was fetched, in the cache `debian`. */
const fromInputs = {
  name: 'mkbase debian --no-test',
  before: () => forgetNodes('debian'),
  run: () => timed(mkbase('debian', 'debian', '--no-test')),
};

const warmDebian = {
  title: 'Debian minbase, inputs and builder warm, everything else made anew, image in the daemon',
  ...{ pairs: 7, promise: 1 },
  prepare() {
    fromInputs.run();
    const hand = cachedPackages('debs');
    hand.before();
    hand.run();
    return { sides: [fromInputs, hand] };
  },
};

/** The steps that nobody goes without, each in a way as direct as there is, on debootstrap's own packages. */
function limits() {
  const [tree, debs] = [join(work, 'byhand'), join(work, 'debs')];
  const unpack = 'mkdir "$1"; for deb in "$2"/*.deb; do dpkg-deb --extract "$deb" "$1"; done';
  const unpackForDpkg = `mkdir "$1/debs"; cp "$2"/*.deb "$1/debs"
    export DEBIAN_FRONTEND=noninteractive
    mkdir -p "$1/var/lib/dpkg/info" "$1/var/lib/dpkg/updates"; : >"$1/var/lib/dpkg/status"
    chroot "$1" sh -c 'dpkg --force-all --unpack /debs/*.deb' >"$1.log" 2>&1`;
  const configure = `export DEBIAN_FRONTEND=noninteractive
    chroot "$1" dpkg --force-all --configure -a >"$1.log" 2>&1`;
  const tar = `${tree}.tar`;
  const side = (name, script, before = () => {}) => ({
    ...{ name, before },
    run: () => timed(shell(script, tree, debs, tar)),
  });
  return [
    side('unpack (dpkg-deb --extract)', unpack, () => remove('byhand')),
    side('configure (dpkg --configure -a)', configure, () =>
      timed(shell(unpackForDpkg, tree, debs)),
    ),
    side('import (docker import)', 'docker import "$3" byhand/debian >/dev/null', () =>
      timed(shell('rm -rf "$1/debs"; tar -C "$1" -cf "$3" .', tree, debs, tar)),
    ),
    side('sha256sum of the tar', 'sha256sum "$3" >/dev/null'),
  ];
}

const onTheLimit = {
  title: 'Debian minbase from warm inputs, against the steps that nobody goes without',
  ...{ pairs: 7, sum: 'unpack, configure, import and sha256 together' },
  prepare() {
    fromInputs.run();
    const hand = cachedPackages('debs');
    hand.before();
    hand.run();
    return { sides: [fromInputs, ...limits()] };
  },
};

export const forms = {
  'cold-hello': firstHello,
  'cold-debian': coldDebian,
  'warm-debian': warmDebian,
  'limit-debian': onTheLimit,
};

import { baseEnvironment } from '../../engines/step.ts';

/**
 * Runs debootstrap in a builder with a folder in place of a network. A shell function that
 * makes stand-ins for programs, to be found first on the PATH while debootstrap runs.
 *
 * `stand_in` puts them into /build/bin:
 *
 * - `wget`, all that debootstrap downloads with, takes files from /build/mirror, whatever mirror is
 *   asked. So none need be named on the command line, and debootstrap writes the distribution's own
 *   into the root filesystem. Which it is, it says first of all when it asks for the Release file;
 *   /build/default-mirror keeps that.
 * - `mount` refuses, since not every engine lets a step mount /proc: what packages find must not
 *   depend on the engine.
 * - `sync` does nothing: it would wait for all disks of the machine, where a step only writes to
 *   memory.
 */
export const standIns = `
stand_in() {
  mkdir /build/bin
  cat >/build/bin/wget <<'END'
#!/bin/sh
while [ "$#" -gt 1 ]; do
  if [ "$1" = -O ]; then to=$2; fi
  shift
done
[ -e /build/default-mirror ] || echo "\${1%%/dists/*}" >/build/default-mirror
read -r mirror </build/default-mirror
exec ln "/build/mirror/\${1#"$mirror"/}" "$to"
END
  printf '#!/bin/sh\\nexit 1\\n' >/build/bin/mount
  printf '#!/bin/sh\\n' >/build/bin/sync
  chmod 755 /build/bin/*
}
`;

/**
 * Calls debootstrap with the stand-ins. Before it come the script of the suite's relatives, for a
 * suite that is younger than debootstrap, and the suite; after the options the folder.
 */
export const callDebootstrap = `
call_debootstrap() {
  relative=$1 suite=$2 folder=$3
  shift 3
  if [ -e "/usr/share/debootstrap/scripts/$suite" ]; then relative=$suite; fi
  PATH=/build/bin:$PATH debootstrap --no-check-sig "$@" "$suite" "$folder" '' "$relative"
}
`;

/**
 * The environment of debootstrap. The first variable tells debootstrap that it need not try out
 * whether it may make devices and mount things: they are there already, made for every engine alike.
 */
export const debootstrapEnvironment: Readonly<Record<string, string>> = {
  container: 'mmdebstrap-unshare',
  HOME: '/root',
  LC_ALL: 'C',
  TZ: 'UTC',
  DEBIAN_FRONTEND: 'noninteractive',
  DEBCONF_NONINTERACTIVE_SEEN: 'true',
};

/** Returns the environment of packages' scripts in a root file system. */
export const scriptEnvironment = (epoch: number): Readonly<Record<string, string>> => ({
  ...baseEnvironment,
  ...debootstrapEnvironment,
  SOURCE_DATE_EPOCH: String(epoch),
});

/** Returns debootstrap's option for a base set; the standard one is its default. */
export function variantOption(variant: 'minbase' | 'buildd' | 'standard'): string[] {
  return variant === 'standard' ? [] : [`--variant=${variant}`];
}

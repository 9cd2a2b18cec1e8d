import { commandLine, quoteWord } from '../../../steps/shell-script.ts';
import { besidePath } from '../../../steps/tree-step.ts';
import { database } from './dpkg-database.ts';

/** A package with a script that runs before it is unpacked. */
export interface Preinst {
  /** Name of the package. */
  readonly name: string;
  readonly architecture: string;
}

/** The folder beside the tree that holds a folder of control files for each package with a preinst. */
export const controlsFolder = 'controls';

/** The place of a package's control files while dpkg unpacks it. */
const unpacking = `/${database}/tmp.ci`;

/** Runs a preinst as dpkg does (dpkg(1), under "internal environment"). */
function preinstLines({ name, architecture }: Preinst): string[] {
  const env = [
    `DPKG_MAINTSCRIPT_PACKAGE=${name}`,
    'DPKG_MAINTSCRIPT_NAME=preinst',
    `DPKG_MAINTSCRIPT_ARCH=${architecture}`,
    'DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT=1',
    `DPKG_ADMINDIR=/${database}`,
    'DPKG_ROOT=',
  ];
  return [
    `tool cp -rp ${quoteWord(`${besidePath}/${controlsFolder}/${name}`)} ${unpacking}`,
    `told=${quoteWord(`Preparing ${name}`)}`,
    `in_rootfs ${commandLine(['env', ...env, `${unpacking}/preinst`, 'install'])}`,
    `tool rm -r ${unpacking}`,
  ];
}

const configuring = commandLine([
  'dpkg',
  '--force-unsafe-io',
  '--force-depends',
  '--force-confold',
  '--configure',
  '-a',
]);

const daemon = '/usr/sbin/start-stop-daemon';
const policy = '/usr/sbin/policy-rc.d';
const awk = '/usr/bin/awk';

/** The link that stands for awk until one is configured: scripts need it before that. */
export const awkLink = { path: awk.slice(1), target: 'mawk' };

export interface ConfigureOptions {
  readonly preinsts: readonly Preinst[];
  /** True when the tree has awkLink. */
  readonly lendsAwk: boolean;
}

/**
 * Returns a script for a tree of unpacked packages with their database: it runs what packages want to
 * run before they are unpacked, and configures all of them in one go. No service is started.
 */
export function configureScript({ preinsts, lendsAwk }: ConfigureOptions): string {
  return [
    `tool mv ${daemon} ${daemon}.REAL`,
    `printf '#!/bin/sh\\n' >${daemon}`,
    `printf '#!/bin/sh\\nexit 101\\n' >${policy}`,
    `tool chmod 755 ${daemon} ${policy}`,
    ...preinsts.flatMap(preinstLines),
    // update-alternatives makes a link of its own.
    ...(lendsAwk ? [`tool rm ${awk}`] : []),
    'told=',
    `in_rootfs ${configuring}`,
    `tool mv ${daemon}.REAL ${daemon}`,
    `tool rm ${policy}`,
  ].join('\n');
}

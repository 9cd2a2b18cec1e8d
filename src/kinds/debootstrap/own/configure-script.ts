import { quoteWord } from '../../../base/shell-word.ts';
import { commandLine } from '../../../steps/shell-script.ts';
import { besidePath } from '../../../steps/tree-step.ts';
import { database } from './dpkg-database.ts';

/**
 * The folder beside the tree that holds a folder of control files for each package with a script that runs
 * before it is unpacked, named as dpkg names its files.
 */
export const controlsFolder = 'controls';

/** The place of a package's control files while dpkg unpacks it. */
const unpacking = `/${database}/tmp.ci`;

/** Runs each preinst as dpkg does (dpkg(1), under "internal environment"). */
const preparing = (architecture: string): string => `
for controls in ${besidePath}/${controlsFolder}/*; do
  if ! [ -e "$controls" ]; then continue; fi
  package=\${controls##*/}
  package=\${package%:*}
  tool cp -rp "$controls" ${unpacking}
  told="Preparing $package"
  in_rootfs env "DPKG_MAINTSCRIPT_PACKAGE=$package" DPKG_MAINTSCRIPT_NAME=preinst \\
    DPKG_MAINTSCRIPT_ARCH=${quoteWord(architecture)} DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT=1 \\
    DPKG_ADMINDIR=/${database} DPKG_ROOT= ${unpacking}/preinst install
  tool rm -r ${unpacking}
done
told=`;

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

/** The file beside the tree that says that the tree has awkLink. */
export const lentAwk = 'lent-awk';

/**
 * Returns a script for a tree of unpacked packages with their database: it runs what packages want to
 * run before they are unpacked, and configures all of them in one go. No service is started.
 * `architecture` is dpkg's own name of it.
 */
export function configureScript(architecture: string): string {
  return [
    `tool mv ${daemon} ${daemon}.REAL`,
    `printf '#!/bin/sh\\n' >${daemon}`,
    `printf '#!/bin/sh\\nexit 101\\n' >${policy}`,
    `tool chmod 755 ${daemon} ${policy}`,
    preparing(architecture),
    // update-alternatives makes a link of its own.
    `if [ -e ${besidePath}/${lentAwk} ]; then tool rm ${awk}; fi`,
    `in_rootfs ${configuring}`,
    `tool mv ${daemon}.REAL ${daemon}`,
    `tool rm ${policy}`,
  ].join('\n');
}

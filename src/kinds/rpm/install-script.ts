import { quoteWord } from '../../base/shell-word.ts';
import type { LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import { mountedFiles, mountedFolders } from '../../steps/mounted-paths.ts';
import { assignments, commandLine } from '../../steps/shell-script.ts';
import { besidePath, treeEnvironment } from '../../steps/tree-step.ts';
import { anywhere, watchedWords } from '../../steps/watched-words.ts';
import type { Pinned } from '../contract.ts';
import { databaseOf } from './database-folder.ts';
import { failures } from './diagnosis.ts';
import type { RpmSource } from './schema.ts';

/** The folder beside the tree that has the packages. */
export const packagesFolder = 'packages';

/** The folder of the builder with rpm's configuration. */
export const configurationFolder = '/usr/lib/rpm';

/** The programs of the builder that an installation calls. */
export const programs = ['rpm', 'systemd-sysusers'];

/** The paths that an engine mounts, in rpm's words: what packages bring there is left out and noted as such. */
const leftOut = [...mountedFolders, ...mountedFiles].map((path) => `/${path}`).join(':');

const macros = (name: string, value: string): string[] => ['--define', `${name} ${value}`];

/**
 * Returns options of rpm. Signatures and digests are verified before and are not asked for again; there are no
 * plugins, which would cut scriptlets off from a network that a step has not; accounts are made by systemd-sysusers
 * of the builder.
 */
function optionsOf({ docs, languages }: RpmSource): string[] {
  return [
    '--nosignature',
    ...macros('_pkgverify_level', 'none'),
    ...macros('__plugindir', '/nowhere'),
    ...macros('_netsharedpath', leftOut),
    ...(docs ? [] : ['--excludedocs']),
    ...(languages.length === 0 ? [] : macros('_install_langs', languages.join(':'))),
  ];
}

/**
 * Returns the script that installs the packages beside the tree into it: an empty one, which is its root. rpm is told
 * in its options where its configuration is, since scriptlets have its environment.
 */
export function installScript({ source, locked, epoch }: Pinned<RpmSource, LockedRpms>): string {
  const env = assignments(treeEnvironment(epoch));
  const options = commandLine([...optionsOf(source), '--dbpath', `/${databaseOf(source)}`]);
  const rpm = `tool env -i ${env} "$own/loader" --library-path "$own/lib" "$own/bin/rpm" \\
    --rcfile="$configuration/rpmrc" --macros="$configuration/macros:$configuration/platform/$machine/macros" \\
    ${options} --define "$sysusers" -U ${quoteWord(`${besidePath}/${packagesFolder}`)}/*.rpm`;
  return `
configuration=$own${configurationFolder}
machine=${quoteWord(`${locked.arch}-linux`)}
sysusers="__systemd_sysusers $own/loader --library-path $own/lib $own/bin/systemd-sysusers"
${watchedWords(rpm, failures.map(anywhere))}`;
}

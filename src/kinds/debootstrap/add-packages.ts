import type { Io } from '../../base/events.ts';
import { quoteWord } from '../../base/shell-word.ts';
import type { StepContext } from '../../steps/builder.ts';
import { commandLine } from '../../steps/shell-script.ts';
import { besidePath, treeStep } from '../../steps/tree-step.ts';
import { describedTree, type MadeTree, type NamedTree } from '../../steps/work.ts';
import { rootFile } from '../../tar/root-entry.ts';
import { scriptEnvironment } from './debootstrap-shell.ts';
import { traces } from './traces.ts';

/**
 * apt on the mirror of the packages to add alone. It stays root: without a network there is nothing from
 * which the user that it becomes for downloads would protect it. Nothing has to survive a power cut.
 */
const aptConfiguration = `
Dir::Etc::sourcelist "/mirror/sources";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Dpkg::Use-Pty "false";
Dpkg::Options { "--force-unsafe-io"; };
`.trim();

/** Packages to add to a root file system, and answers to their questions: some of either. */
export interface PackagesToAdd {
  readonly suite: string;
  /** The names that the recipe asks for. */
  readonly wanted: readonly string[];
  /** Architectures of packages other than the image's own. */
  readonly foreign: readonly string[];
  /** Lines of debconf-set-selections(1). */
  readonly answers: readonly string[];
  /** The folder `mirror` of exactly the locked packages that the base set has not. */
  readonly mirror: NamedTree;
  /** Seconds since 1970. */
  readonly epoch: number;
}

const answersFile = 'answers';

const answering = `in_rootfs debconf-set-selections ${besidePath}/${answersFile} || {
  echo 'debconf refuses the answers under "debconf" of the recipe'
  exit 1
}`;

const installing = ({ suite, wanted, foreign }: PackagesToAdd): string => `
tool mv ${besidePath}/mirror /mirror
echo ${quoteWord(`deb [trusted=yes] file:/mirror ${suite} main`)} >/mirror/sources
tool cat >/mirror/apt.conf <<'END'
${aptConfiguration}
END
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
tool chmod 755 /usr/sbin/policy-rc.d
${foreign.map((each) => `in_rootfs ${commandLine(['dpkg', '--add-architecture', each])}\n`).join('')}in_rootfs apt-get -qq update
in_rootfs ${commandLine(['apt-get', '-qq', '--yes', 'install', ...wanted])}
tool rm /usr/sbin/policy-rc.d
tool rm -r /mirror
tool rm -f /var/cache/apt/archives/*.deb
`;

const scriptOf = (packages: PackagesToAdd): string =>
  [
    ...(packages.answers.length > 0 ? [answering] : []),
    ...(packages.wanted.length > 0 ? [installing(packages)] : []),
  ].join('\n');

/**
 * Installs packages with the root file system's own apt, in it, with /proc as in any container. No
 * service is started (policy-rc.d(8)). Errors as treeStep.
 */
export async function addPackages(
  rootfs: NamedTree,
  packages: PackagesToAdd,
  context: StepContext,
  io: Io,
): Promise<MadeTree> {
  const { epoch, mirror, answers } = packages;
  const env = { ...scriptEnvironment(epoch), APT_CONFIG: '/mirror/apt.conf' };
  const lines = answers.map((line) => `${line}\n`).join('');
  const beside = describedTree({ mirror: await mirror.digest(), answers }, async () => [
    ...(await mirror.entries()),
    rootFile(answersFile, lines),
  ]);
  const script = scriptOf(packages);
  return treeStep(
    { rootfs, isShared: true, beside, script, epoch, env, traces, name: 'apt' },
    context,
    io,
  );
}

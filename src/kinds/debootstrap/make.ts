import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { rootfsCapabilities } from '../../engines/step.ts';
import { distributions } from '../../packages/deb/archive/distribution.ts';
import { foreignAmong } from '../../packages/deb/choose/requested.ts';
import { parseParagraphs } from '../../packages/deb/index/paragraph.ts';
import type { LockedDebs } from '../../packages/deb/locked-debs.ts';
import type { StepContext } from '../../steps/builder.ts';
import { buildLimits } from '../../steps/tree-step.ts';
import { builderShell } from '../../steps/visitor.ts';
import { inputOf, type MadeTree, type NamedTree, type Work } from '../../steps/work.ts';
import { readContent } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import type { Built, Pinned } from '../contract.ts';
import { settleTimes } from '../settle-times.ts';
import { addPackages } from './add-packages.ts';
import { debootstrapEnvironment, variantOption } from './debootstrap-shell.ts';
import type { LockedDebootstrapRoot } from './locked-debootstrap.ts';
import { makeScript } from './make-script.ts';
import { makers } from './makers.ts';
import { type MirrorInput, mirrorTree, withoutBase } from './mirror.ts';
import { makeBase } from './own/make-base.ts';
import { applyPolicy, missedPaths } from './policy/apply-policy.ts';
import type { DebootstrapSource } from './schema.ts';

type PinnedRoot = Pinned<DebootstrapSource, LockedDebootstrapRoot>;

const mirrorInput = ({ source: { suite }, locked, platform }: PinnedRoot): MirrorInput => ({
  ...{ suite, platform },
  debs: locked.debs,
  debootstrap: locked.settings,
});

function parametersOf(source: DebootstrapSource, { platform, debootstrap }: MirrorInput): string[] {
  const { base } = debootstrap;
  return [
    distributions[source.distro].script,
    source.suite,
    `--arch=${platform.debian}`,
    // Dependencies of a newer version of a base package are part of the base, too.
    `--include=${base.join(',')}`,
    ...variantOption(source.variant),
  ];
}

/**
 * Returns the maker of a base set. What packages of the standard one make, accounts above all, depends on the
 * order in which debootstrap configures them.
 */
const makerFor = ({ variant }: DebootstrapSource, maker: string): string =>
  variant === 'standard' ? makers[1] : maker;

/** Version of how a base set is settled: raised when the same step's output gives another tree. */
const version = 1;

/**
 * Makes the base set with debootstrap, in a chroot below the builder. Errors: BUILD_FAILED, BUILD_OUTPUT,
 * ENGINE_FAILED.
 */
function debootstrapBase(
  { source, epoch }: PinnedRoot,
  input: MirrorInput,
  mirror: NamedTree,
  { make }: StepContext,
  io: Io,
): Promise<MadeTree> {
  const work: Work = {
    does: 'base',
    version,
    step: {
      argv: ['/bin/sh', '-euc', makeScript, 'mkbase', ...parametersOf(source, input)],
      env: { ...debootstrapEnvironment, SOURCE_DATE_EPOCH: String(epoch) },
      limits: buildLimits,
      capabilities: rootfsCapabilities,
      ids: 'range',
    },
    shell: builderShell(['/build']),
    input: inputOf(mirror),
    settledBy: { epoch },
    output: "debootstrap's result",
    settle: async (sent) => ({ entries: settleTimes(sent, epoch) }),
  };
  return make(work, io);
}

/**
 * Makes a root filesystem, as debootstrap and apt make it, out of exactly the locked packages, which must
 * be in the store, and applies the policy. Errors: BUILD_FAILED, BUILD_OUTPUT when something is there
 * that was not locked, SOURCE_CORRUPT, ARCHIVE_REFUSED, ENGINE_FAILED.
 */
export async function buildDebootstrap(
  pinned: PinnedRoot,
  context: StepContext,
  io: Io,
): Promise<Built> {
  const { store, folder, maker = makers[0] } = context;
  const { source, epoch } = pinned;
  const input = mirrorInput(pinned);
  const { wanted } = input.debootstrap;
  const { suite, debconf: answers } = source;
  const workFolder = join(folder, 'controls');
  await mkdir(workFolder);
  const mirrorOf = (packages: MirrorInput) => mirrorTree(packages, { store, workFolder }, io);
  const isOwn = makerFor(source, maker) === makers[0];
  const made = isOwn ? await makeBase({ input, epoch }, context, io) : undefined;
  const base = made ?? (await debootstrapBase(pinned, input, mirrorOf(input), context, io));
  const added = wanted.length > 0 || answers.length > 0;
  const foreign = foreignAmong(input.debs.packages, input.platform.debian);
  const mirror = mirrorOf(withoutBase(input));
  const packages = { suite, wanted, foreign, answers, mirror, epoch };
  const tree = added ? await addPackages(base, packages, context, io) : base;
  const whole = await tree.entries();
  await checkInstalled(whole, input.debs);
  const { mirror: own } = input.debootstrap;
  const policy = { source, platform: input.platform, mirror: own, epoch };
  return { entries: await applyPolicy(whole, policy), leftOut: missedPaths(whole, policy) };
}

const statusFile = 'var/lib/dpkg/status';

const identity = (name = '', version = '', architecture = '') =>
  `${name} ${version} (${architecture})`;

/** Returns name, version and architecture of each package that dpkg's record calls installed, and those in another state. */
async function recorded(entries: readonly Entry[]) {
  const entry = entries.find(({ path }) => path === statusFile);
  const text = entry?.type === 'file' ? (await readContent(entry.content)).toString('utf8') : '';
  const installed = new Set<string>();
  const unfinished: string[] = [];
  for (const fields of parseParagraphs(text)) {
    const package_ = identity(
      fields.get('package'),
      fields.get('version'),
      fields.get('architecture'),
    );
    if (fields.get('status') === 'install ok installed') installed.add(package_);
    else unfinished.push(`${package_}: ${fields.get('status')}`);
  }
  return { installed, unfinished };
}

/** Refuses a tree whose packages are not exactly the locked ones, all of them configured: BUILD_OUTPUT. */
export async function checkInstalled(
  entries: readonly Entry[],
  { packages }: LockedDebs,
): Promise<void> {
  const { installed, unfinished } = await recorded(entries);
  const locked = new Set(
    packages.map(({ name, version, architecture }) => identity(name, version, architecture)),
  );
  const problems = [
    ...unfinished.map((each) => `not configured: ${each}`),
    ...[...locked].filter((each) => !installed.has(each)).map((each) => `missing: ${each}`),
    ...[...installed].filter((each) => !locked.has(each)).map((each) => `not locked: ${each}`),
  ];
  if (problems.length === 0) return;
  const shown = problems.slice(0, 20).map((each) => `  ${each}`);
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The root filesystem does not hold exactly the locked packages:\n${shown.join('\n')}`,
    hint: 'Run with --progress plain to see what debootstrap and apt say; --no-cache resolves anew.',
  });
}

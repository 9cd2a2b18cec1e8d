import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import type { Limits } from '../../../engines/step.ts';
import { distributions } from '../../../packages/deb/archive/distribution.ts';
import type { SignedRelease } from '../../../packages/deb/archive/signed-release.ts';
import type { OpenSuite } from '../../../packages/deb/choose/open-suite.ts';
import { reachableNames } from '../../../packages/deb/choose/reachable.ts';
import { requestedPackage } from '../../../packages/deb/choose/requested.ts';
import type { Pins } from '../../../packages/deb/index/universe.ts';
import { blobPath, layoutOf } from '../../../store/blobs/layout.ts';
import type { Content, Entry } from '../../../tar/entry.ts';
import { rootFile } from '../../../tar/root-entry.ts';
import { writeTar } from '../../../tar/write.ts';
import type { ResolveContext } from '../../contract.ts';
import { debootstrapEnvironment, variantOption } from '../debootstrap-shell.ts';
import type { DebootstrapSource } from '../schema.ts';
import { type Answer, answerOf, largestAnswer, readWords } from './answer.ts';
import { chooseScript } from './choose-script.ts';
import { type Marked, marked } from './marked-suites.ts';

/** The suites that the tools choose from, and the request that they choose for. */
export interface Choosing {
  readonly source: DebootstrapSource;
  /** Words as the recipe has them. */
  readonly packages: readonly string[];
  /** The suites that packages are asked from, by their names. */
  readonly pins: Pins;
  readonly platform: Platform;
  /** The suite itself first. */
  readonly suites: readonly OpenSuite[];
  /** The base set; debootstrap is asked for it when it is left out. */
  readonly base?: readonly string[] | undefined;
}

const limits: Limits = {
  memoryBytes: 4 * 1024 ** 3,
  processes: 512,
  // A builder for another machine may be emulated.
  seconds: 30 * 60,
  outputBytes: largestAnswer,
};

/**
 * Returns the head of the Release file that debootstrap reads; sums are added where the index is cut to
 * size.
 */
function releaseHead({ suite, codename }: SignedRelease, source: DebootstrapSource, arch: string) {
  const components = source.components.join(' ');
  const fields = { Suite: suite, Codename: codename, Components: components, Architectures: arch };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  return Buffer.from(`${lines.join('')}SHA256:\n`);
}

/**
 * Returns what apt is given of each index: the packages that it can choose, where the base set is known, since it
 * reads all that it is given; else the whole, of which debootstrap makes its own choice.
 */
async function listings(
  { suites, base, packages }: Choosing,
  storeFolder: string,
): Promise<(Content | Buffer)[]> {
  const indexes = suites.flatMap(({ indexes }) => indexes);
  if (base === undefined) {
    return indexes.map(({ plain: { sha256, size } }) => {
      return { file: blobPath(layoutOf(storeFolder), sha256), offset: 0, size };
    });
  }
  const seeds = [...base, ...packages.map((word) => requestedPackage(word).name)];
  const names = await reachableNames(seeds, indexes);
  return Promise.all(indexes.map(({ index }) => index.cut(names)));
}

/** Returns the indexes as mkbase authenticated them, numbered in their order. */
async function input(
  choosing: Choosing,
  { marks, preferences }: Marked,
  storeFolder: string,
): Promise<Entry[]> {
  const { source, suites, platform } = choosing;
  const head = releaseHead(suites[0]!.release, source, platform.debian);
  const indexes = suites.flatMap(({ indexes }) => indexes);
  const listed = await listings(choosing, storeFolder);
  return [
    rootFile('release', head),
    ...listed.map((content, number) => rootFile(`index/${number}/Packages`, content)),
    ...indexes.flatMap(({ architecture }, number) =>
      architecture === platform.debian
        ? []
        : [rootFile(`index/${number}/architecture`, `${architecture}\n`)],
    ),
    ...marks.map((text, number) => rootFile(`index/${number}/Release`, text)),
    ...(preferences === '' ? [] : [rootFile('preferences', preferences)]),
  ];
}

/**
 * Has apt, and debootstrap where it has to, choose packages, in the builder. Errors: PACKAGE_CONFLICT with apt's own
 * reasons; BUILD_OUTPUT for an answer that cannot be read; those of steps.
 */
export async function choose(choosing: Choosing, context: ResolveContext, io: Io): Promise<Answer> {
  const { source, packages, platform, base = [] } = choosing;
  const marks = marked(choosing.suites, choosing.pins);
  const words = packages.map(marks.wordFor);
  const { distro, suite, components, variant } = source;
  const options = [
    `--arch=${platform.debian}`,
    `--components=${components.join(',')}`,
    ...variantOption(variant),
    // Ubuntu's script adds it to what it prints, for another tool, and not to what it installs.
    `--exclude=${['usrmerge', ...Object.keys(source.exclude)].join(',')}`,
  ];
  const parameters = [
    distributions[distro].script,
    suite,
    platform.debian,
    components.join(' '),
    base.join(' '),
  ];
  const entries = await input(choosing, marks, context.sources.store.folder);
  const step = {
    argv: ['/bin/sh', '-euc', chooseScript, 'mkbase', ...parameters, ...options, '--', ...words],
    env: debootstrapEnvironment,
    limits,
    capabilities: [],
    input: writeTar(entries, { reuseMemory: true }),
  } as const;
  const read = (stdout: AsyncIterable<Uint8Array>) => readWords(stdout, base.length === 0);
  return answerOf(await context.runInBuilder(step, read, io));
}

import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { tarStem } from '../../../tar/compression-names.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import { didYouMean } from '../../near-names.ts';
import type { DebianContext } from '../archive/debian-context.ts';
import { namedSuite } from '../archive/named-suite.ts';
import { required } from '../index/candidate.ts';
import { compareVersions } from '../index/deb-version.ts';
import { openIndex, type StanzaIndex } from '../index/packages-index.ts';
import type { Paragraph } from '../index/paragraph.ts';
import { readable } from '../index/universe.ts';
import type { LockedIndex } from '../locked-debs.ts';
import { lockedIndex } from './resolve.ts';

/** The upstream archive of a source package, and the signed index that names it. */
export interface SourceArchive {
  /** Without credentials. */
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly version: string;
  readonly trust: { readonly by: 'index'; readonly index: LockedIndex };
}

const component = 'main';

/** Path of the index of source packages below a suite's folder. */
export const sourcesPath = `${component}/source/Sources`;

/** A Debian source package that a recipe names. */
export interface WantedSource {
  readonly debian: string;
  readonly suite: string;
}

/** Finds the upstream archive of a source package's newest version. Throws PACKAGE_NOT_FOUND, SOURCE_CORRUPT. */
export async function archiveIn(index: StanzaIndex, wanted: WantedSource) {
  const stanza = await newestSource(index, wanted);
  return readable(wanted.suite, async () => upstreamArchive(stanza, wanted.debian));
}

/**
 * Pins the upstream archive of a Debian source package: the `.orig.tar.*` of its newest version in
 * the suite, or the whole source of a native package. Trusted because the suite's signed index
 * states its hash. Errors: as `resolveDebs`.
 */
export async function resolveSource(
  wanted: WantedSource,
  context: DebianContext,
  io: Io,
): Promise<SourceArchive> {
  const release = await namedSuite(wanted.suite, context, io);
  const index = await openIndex(release, sourcesPath, context, io);
  try {
    const archive = await archiveIn(index, wanted);
    return {
      url: withoutCredentials(below(release.mirror, archive.path)),
      name: archive.name,
      size: archive.size,
      sha256: archive.sha256,
      version: archive.version,
      trust: { by: 'index', index: lockedIndex(release, [component]) },
    };
  } finally {
    await index.close();
  }
}

async function newestSource(
  index: StanzaIndex,
  { debian, suite }: WantedSource,
): Promise<Paragraph> {
  const stanzas = await readable(suite, () => index.find(debian));
  const [newest] = stanzas
    // Kept only because something was built with it, not part of the suite (Debian Policy 5.6.24).
    .filter((stanza) => stanza.get('extra-source-only') !== 'yes')
    .sort((a, b) => compareVersions(b.get('version') ?? '', a.get('version') ?? ''));
  if (newest !== undefined) return newest;
  throw new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `There is no source package ${debian} in ${suite}.${didYouMean(debian, await index.names())}`,
    hint: 'A source package may have another name than the packages built from it; see https://tracker.debian.org.',
    about: [debian],
  });
}

function upstreamArchive(stanza: Paragraph, name: string) {
  const files = (stanza.get('checksums-sha256') ?? '').split('\n').flatMap((line) => {
    const match = /^\s*([0-9a-f]{64})\s+(\d{1,15})\s+([^\s/]+)\s*$/.exec(line);
    return match === null ? [] : [{ sha256: match[1]!, size: Number(match[2]), name: match[3]! }];
  });
  const archives = files.filter((file) => tarStem(file.name) !== undefined);
  // `.orig-<component>.tar.*` are further upstream archives, `.debian.tar.*` is Debian's own part.
  const upstream =
    archives.find((file) => /\.orig\.tar\.[a-z0-9]+$/.test(file.name)) ??
    archives.find((file) => !/\.(?:debian|orig-[^.]+)\.tar\./.test(file.name));
  if (upstream === undefined) throw new SyntaxError(`${name} lists no upstream archive`);
  return {
    ...upstream,
    path: `${required(stanza, 'Directory')}/${upstream.name}`,
    version: required(stanza, 'Version'),
  };
}

import { toByteString } from '../../base/byte-string.ts';
import { debianContext } from '../../packages/deb/archive/debian-context.ts';
import { indexBlobs } from '../../packages/deb/archive/index-blobs.ts';
import { sourcesPath } from '../../packages/deb/choose/source-package.ts';
import { withBuilder } from '../../steps/builder.ts';
import type { KindWork } from '../contract.ts';
import { archiveDownloads, resolveArchive } from './archive.ts';
import type { PinnedStatic } from './build-input.ts';
import { compileStatic, type StaticRecord } from './compile.ts';
import type { LockedStatic } from './locked-archive.ts';
import { programParts } from './program-parts.ts';
import { proveStatic } from './prove.ts';
import { fetchedArchive, flagsFor, programsOf, type StaticSource } from './schema.ts';
import { staticWorkFolder } from './work-folder.ts';

/** Set-user-id, set-group-id and sticky. */
const specialBits = 0o7000;

/** Returns a recipe's request with the compiler flags of its platform. */
const forPlatform = (pinned: PinnedStatic): PinnedStatic => ({
  ...pinned,
  source: { ...pinned.source, flags: flagsFor(pinned.source, pinned.platform.name) },
});

export const work: KindWork<StaticSource, LockedStatic> = {
  resolve: async ({ source, folder, platform }, { sources }, io) => {
    const archive = fetchedArchive(source);
    if (archive === undefined) return {};
    const debian = await debianContext({}, platform, sources);
    return { archive: await resolveArchive(archive, folder, debian, io) };
  },
  downloads: async ({ source, platform }, { archive }, sources) => {
    if (archive === undefined) return [];
    const { mirrors } = await debianContext({}, platform, sources);
    // The recipe's own URL may carry credentials that a lock never holds.
    const wanted = fetchedArchive(source);
    const own = wanted && 'url' in wanted ? { url: wanted.url } : {};
    return archiveDownloads(archive, { ...own, mirrors });
  },
  prove: proveStatic,
  indexFiles: async ({ platform }, { archive }, sources, io) => {
    const indexes = archive?.trust.by === 'index' ? [archive.trust.index] : [];
    const context = await debianContext({}, platform, sources);
    return indexBlobs(indexes, () => [sourcesPath], context, io);
  },
  // No package is pinned: the builder's are its own.
  update: (_, after) => after,
  build: (pinned, context, io) => compileStatic(forPlatform(pinned), withBuilder(context), io),
  workFolder: (pinned, context, io) => staticWorkFolder(forPlatform(pinned), context, io),
  opensInBuilder: true,
  special: ({ name, source }) =>
    programsOf(name, source)
      .filter(({ mode }) => (mode & specialBits) !== 0)
      .map(({ path }) => toByteString(path.slice(1))),
  parts: (wanted, locked, context, io) =>
    programParts(wanted, locked, context, context.record as StaticRecord | undefined, io),
};

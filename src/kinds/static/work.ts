import { toByteString } from '../../base/byte-string.ts';
import { debianContext } from '../../packages/deb/archive/debian-context.ts';
import { indexBlobs } from '../../packages/deb/archive/index-blobs.ts';
import { sourcesPath } from '../../packages/deb/choose/source-package.ts';
import { withBuilder } from '../../steps/builder.ts';
import type { KindWork } from '../contract.ts';
import { archiveDownloads, resolveArchive } from './archive.ts';
import { compileStatic, type StaticRecord } from './compile.ts';
import type { LockedStatic } from './locked-archive.ts';
import { programParts } from './program-parts.ts';
import { proveStatic } from './prove.ts';
import { fetchedArchive, programsOf, type StaticSource } from './schema.ts';

/** Set-user-id, set-group-id and sticky. */
const specialBits = 0o7000;

import { staticWorkFolder } from './work-folder.ts';

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
  build: (pinned, context, io) => compileStatic(pinned, withBuilder(context), io),
  workFolder: staticWorkFolder,
  opensInBuilder: true,
  special: ({ name, source }) =>
    programsOf(name, source)
      .filter(({ mode }) => (mode & specialBits) !== 0)
      .map(({ path }) => toByteString(path.slice(1))),
  parts: (wanted, locked, context, io) =>
    programParts(wanted, locked, context, context.record as StaticRecord | undefined, io),
};

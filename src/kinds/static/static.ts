import type { Kind } from '../contract.ts';
import { archiveIndexes, archiveInput, type LockedStatic, lockedStatic } from './locked-archive.ts';
import {
  fetchedArchive,
  programsOf,
  type StaticSource,
  staticProgram as schema,
  treesOf,
} from './schema.ts';
import { starter } from './starter.ts';

/** `from: { static: … }`: a C or C++ program, linked statically in a builder without network. */
export const staticProgram: Kind<StaticSource, LockedStatic> = {
  name: 'static',
  schema,
  paths: {
    'sources.*': 'source',
    folder: 'tree',
    'include.*': 'any',
    'archive.file': 'file',
    'archive.signature.key': 'key',
  },
  trees: treesOf,
  builder: ({ toolchain, cross }) => {
    if (cross !== false) return toolchain;
    const chosen = typeof toolchain === 'string' ? { extends: toolchain, packages: [] } : toolchain;
    return { ...chosen, onTarget: true };
  },
  toolchainField: 'toolchain',
  laidOver: true,
  packages: {
    problem: () => ({
      message: 'packages cannot be added to a static program: nothing in its rootfs installs them',
      hint: 'what it is linked with belongs into its toolchain; for an image of packages use "from: { debs: … }"',
    }),
  },
  // A program of sources is called after the recipe that holds them.
  inherited: (source, name) =>
    source.programs === undefined ? { ...source, programs: { [name]: `/${name}` } } : source,
  // Only an archive that is fetched is an input; the build's settings choose none.
  choosing: (source) => ({ archive: fetchedArchive(source) }),
  lockSchema: lockedStatic,
  // The recipe states the digest of an archive by URL itself.
  fits: (source, { archive }) => {
    const wanted = fetchedArchive(source);
    if (wanted === undefined || archive === undefined) return wanted === archive;
    return !('url' in wanted) || wanted.sha256 === archive.sha256;
  },
  inputs: ({ archive }) => (archive ? [archiveInput(archive)] : []),
  indexes: ({ archive }) => (archive ? archiveIndexes(archive) : []),
  date: () => undefined,
  distribution: () => undefined,
  programs: (source, name) =>
    new Map(programsOf(name, source).map(({ path, mode }) => [path, mode])),
  starter,
  load: () => import('./work.ts').then(({ work }) => work),
};

import type { Io } from '../../base/events.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { mapConcurrent } from '../../base/map-concurrent.ts';
import type { Platform } from '../../base/platform.ts';
import { foreignAmong } from '../../packages/deb/choose/requested.ts';
import type { LockedDebs, LockedPackage } from '../../packages/deb/locked-debs.ts';
import { type DebPlace, packageControl } from '../../packages/deb/unpack/deb-control.ts';
import { describedTree, type NamedTree } from '../../steps/work.ts';
import { blobPath, layoutOf } from '../../store/blobs/layout.ts';
import type { Entry } from '../../tar/entry.ts';
import { rootFile } from '../../tar/root-entry.ts';
import type { LockedDebootstrap } from './locked-debootstrap.ts';

/** The locked packages that the mirror is made from, and their suite. */
export interface MirrorInput {
  readonly suite: string;
  readonly debs: LockedDebs;
  readonly debootstrap: LockedDebootstrap;
  readonly platform: Platform;
}

/** Returns a test for the packages of the base set among all that are locked. */
export function ofBase({ debootstrap, platform }: MirrorInput): (locked: LockedPackage) => boolean {
  const names = new Set(debootstrap.base);
  return ({ name, architecture }) =>
    names.has(name) && [platform.debian, 'all'].includes(architecture);
}

/** Returns the input of a mirror without the base set: what is added to a tree that has that already. */
export function withoutBase(input: MirrorInput): MirrorInput {
  const isOfBase = ofBase(input);
  const packages = input.debs.packages.filter((locked) => !isOfBase(locked));
  return { ...input, debs: { ...input.debs, packages } };
}

/** While one package is decoded the next is read. */
const concurrency = 2;

/** Returns a package's path; each package comes once, so its name is unique. */
const poolPath = ({ name, architecture }: LockedPackage) => `pool/${name}_${architecture}.deb`;

/** Returns the priority by the suite's index; the archive may have overruled the package's own. */
export function priorityOf(
  { name }: LockedPackage,
  own: string,
  locked: LockedDebootstrap,
): string {
  if (locked.required.includes(name)) return 'required';
  if (locked.important.includes(name)) return 'important';
  return /^(?:standard|extra)$/.test(own) ? own : 'optional';
}

/** Matches the fields that the index has of its own, with their continuation lines (deb822(5)). */
const ownFields = /^(?:Package|Priority|Filename|Size|SHA256):.*\n(?:[ \t].*\n)*/gim;

/** Matches lines that are no part of a package's fields, and would end its stanza in an index. */
const ending = /^(?:[ \t]*|#.*)\n/gm;

/**
 * Returns a package's stanza in the index: its own control fields, with its name first, where debootstrap
 * looks for it, and the priority that the suite gave it.
 */
export function stanzaOf(
  locked: LockedPackage,
  control: Buffer,
  debootstrap: LockedDebootstrap,
): Buffer {
  // Bytes, for there are maintainers whose names are no UTF-8.
  const own = `${control.toString('latin1').trimEnd()}\n`.replace(ending, '');
  const rest = own.replace(ownFields, '');
  const [, priority = ''] = /^Priority:\s*(\S+)/im.exec(own) ?? [];
  const added = [
    `Priority: ${priorityOf(locked, priority, debootstrap)}`,
    `Filename: ${poolPath(locked)}`,
    `Size: ${locked.size}`,
    `SHA256: ${locked.sha256}`,
  ];
  return Buffer.from(`Package: ${locked.name}\n${rest}${added.join('\n')}\n\n`, 'latin1');
}

/** Returns a Release file for indexes by architecture; nobody signs it. */
export function releaseText(
  { suite, debootstrap: { codename } }: MirrorInput,
  indexes: ReadonlyMap<string, Buffer>,
): string {
  return [
    `Suite: ${suite}`,
    `Codename: ${codename}`,
    'Components: main',
    `Architectures: ${[...indexes.keys()].join(' ')}`,
    'SHA256:',
    ...[...indexes].map(
      ([architecture, index]) =>
        ` ${sha256OfBytes(index)} ${index.length} main/binary-${architecture}/Packages`,
    ),
    '',
  ].join('\n');
}

/**
 * Returns a mirror of exactly the locked packages, as the files of a folder `mirror`. Its index is written
 * anew from the packages' own control files, so a lock can be built for as long as they can be
 * had, whatever has become of the archive's own index. It is not signed, and need not be: what the
 * lock's hashes were taken from was, and each package is checked against its hash here. Errors:
 * SOURCE_CORRUPT, ARCHIVE_REFUSED, NO_SPACE, IO.
 */
export async function mirrorEntries(input: MirrorInput, place: DebPlace, io: Io): Promise<Entry[]> {
  const { suite, debs, debootstrap, platform } = input;
  const total = debs.packages.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const read = async (locked: LockedPackage, group: Io) => {
    const { control } = await packageControl(locked, place, group);
    done += locked.size;
    io.emit({ type: 'progress', stage: 'build', done, total, item: locked.name });
    return { locked, stanza: stanzaOf(locked, control, debootstrap) };
  };
  const stanzas = await mapConcurrent(debs.packages, concurrency, read, io);
  const own = platform.debian;
  const architectures = [own, ...foreignAmong(debs.packages, own)];
  const indexes = new Map(
    architectures.map((architecture) => [
      architecture,
      Buffer.concat(
        stanzas.flatMap(({ locked, stanza }) =>
          (locked.architecture === 'all' ? own : locked.architecture) === architecture
            ? [stanza]
            : [],
        ),
      ),
    ]),
  );
  const layout = layoutOf(place.store.folder);
  const folder = `mirror/dists/${suite}`;
  return [
    rootFile(`${folder}/Release`, releaseText(input, indexes)),
    ...[...indexes].map(([architecture, index]) =>
      rootFile(`${folder}/main/binary-${architecture}/Packages`, index),
    ),
    ...debs.packages.map((locked) => {
      const { sha256, size } = locked;
      const content = { file: blobPath(layout, sha256), offset: 0, size };
      return rootFile(`mirror/${poolPath(locked)}`, content);
    }),
  ];
}

/** Version of the mirror's form: raised when the same locked packages make another mirror. */
const version = 1;

/**
 * Returns the mirror of the locked packages by what it is made from: the packages themselves are opened
 * only where the mirror is needed. Errors: as mirrorEntries.
 */
export function mirrorTree(input: MirrorInput, place: DebPlace, io: Io): NamedTree {
  const { suite, debs, debootstrap, platform } = input;
  const { codename, required, important } = debootstrap;
  const packages = debs.packages.map(({ name, architecture, size, sha256 }) => ({
    ...{ name, architecture, size, sha256 },
  }));
  const described = { version, suite, codename, required, important, packages };
  return describedTree({ ...described, platform: platform.name }, () =>
    mirrorEntries(input, place, io),
  );
}

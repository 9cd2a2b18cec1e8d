import { type FileHandle, open, rm } from 'node:fs/promises';
import { ioError, MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { blobPath, layoutOf } from '../../../store/blobs/layout.ts';
import { withoutCredentials } from '../../mirror-url.ts';
import type { DebianContext } from '../archive/debian-context.ts';
import { fetchIndex } from '../archive/fetch-index.ts';
import type { ReleaseFile } from '../archive/release.ts';
import type { SignedRelease } from '../archive/signed-release.ts';
import { packageNames, packagesWith, type ScannedIndex, scanIndex } from './index-scan.ts';
import { type Paragraph, parseParagraph } from './paragraph.ts';

/**
 * An index (Packages or Sources) whose stanzas are read from disk when they are asked for. Throws
 * SyntaxError for a stanza that cannot be parsed.
 */
export interface StanzaIndex {
  /** Returns the names of all packages. */
  names(): Promise<Iterable<string>>;
  /** Returns the names of packages whose stanza has a line, for instance `Essential: yes`. */
  namesWith(line: string): Promise<Iterable<string>>;
  /** Returns the names of packages that may provide a virtual package; their stanzas say whether they do. */
  providers(name: string): Promise<string[]>;
  /** Reads the stanzas of a package, in the order of the file. */
  find(name: string): Promise<Paragraph[]>;
  /** Reads the stanzas of packages as they stand in the file, in its order: an index of these alone. */
  cut(names: Iterable<string>): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Opens `path` (for instance `main/binary-amd64/Packages`) of an authenticated suite. It is fetched
 * in its smallest form, by hash where the archive offers that. The unpacked file is a blob of the
 * store too, since the Release file states its hash, and that hash is checked on each read. Errors: PACKAGE_NOT_FOUND when the suite has no such index; SOURCE_CORRUPT; those of the
 * store.
 */
export async function openIndex(
  release: SignedRelease,
  path: string,
  context: DebianContext,
  io: Io,
): Promise<StanzaIndex> {
  const plain = release.files.get(path);
  if (plain === undefined) throw notListed(release, path);
  const file = blobPath(layoutOf(context.store.folder), plain.sha256);
  const kept = await openScanned(file, plain);
  if (kept !== undefined) return stanzaIndex(kept);
  const what = await fetchIndex(release, path, context, io);
  const fresh = await openScanned(file, plain);
  if (fresh !== undefined) return stanzaIndex(fresh);
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what} is not a package index, though its hash is the one that was signed.`,
    hint: 'The archive itself is at fault; report it to whoever runs it.',
  });
}

function notListed(release: SignedRelease, path: string): MkbaseError {
  const alike = path.slice(path.indexOf('/'));
  const components = [...release.files.keys()]
    .filter((name) => name.endsWith(alike))
    .map((name) => name.slice(0, -alike.length));
  return new MkbaseError({
    code: 'PACKAGE_NOT_FOUND',
    message: `The suite ${release.asked} of ${withoutCredentials(release.mirror)} has no ${path}.`,
    hint:
      components.length > 0
        ? `Its components are ${components.sort().join(', ')}.`
        : `It has packages for ${architecturesOf(release).join(', ')}. Choose another --platform, or a suite that has this one.`,
    about: [release.asked],
  });
}

/** Returns the architectures whose packages a suite lists. */
const architecturesOf = ({ files }: SignedRelease): string[] =>
  [
    ...new Set(
      [...files.keys()].flatMap((path) => /\/binary-([^/]+)\/Packages$/.exec(path)?.[1] ?? []),
    ),
  ]
    .filter((name) => name !== 'all')
    .sort();

interface OpenScan {
  readonly handle: FileHandle;
  readonly scan: ScannedIndex;
}

/** Opens an unpacked index; one with another hash is removed, and undefined returned. */
async function openScanned(file: string, plain: ReleaseFile): Promise<OpenScan | undefined> {
  const handle = await open(file, 'r').catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw ioError(error, 'opening', file);
  });
  if (handle === undefined) return undefined;
  const scan = await scanIndex(handle).catch((error) => {
    if (error instanceof SyntaxError) return undefined;
    throw ioError(error, 'reading', file);
  });
  if (scan?.sha256 === plain.sha256) return { handle, scan };
  await handle.close();
  await rm(file, { force: true });
  return undefined;
}

function stanzaIndex({ handle, scan }: OpenScan): StanzaIndex {
  const read = (numbers: readonly number[]) =>
    Promise.all(numbers.map((number) => readStanza(handle, scan, number)));
  return {
    names: () => packageNames(handle),
    namesWith: (line) => packagesWith(handle, line),
    providers: async (name) =>
      (await read(scan.provided.find(name))).map((stanza) => stanza.get('package') ?? ''),
    find: async (name) =>
      (await read(scan.names.find(name))).filter((stanza) => stanza.get('package') === name),
    cut: async (names) => {
      const numbers = [...names].flatMap((name) => [...scan.names.find(name)]);
      const stanzas: Buffer[] = [];
      for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
        stanzas.push(await stanzaBytes(handle, scan, number), Buffer.from('\n\n'));
      }
      return Buffer.concat(stanzas);
    },
    close: () => handle.close(),
  };
}

async function stanzaBytes(
  handle: FileHandle,
  { starts, ends }: ScannedIndex,
  number: number,
): Promise<Buffer> {
  const start = starts[number]!;
  const buffer = Buffer.alloc(ends[number]! - start);
  await handle.read(buffer, 0, buffer.length, start);
  return buffer;
}

async function readStanza(
  handle: FileHandle,
  scan: ScannedIndex,
  number: number,
): Promise<Paragraph> {
  const bytes = await stanzaBytes(handle, scan, number);
  return parseParagraph(bytes.toString('utf8'));
}

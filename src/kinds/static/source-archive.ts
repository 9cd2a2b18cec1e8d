import { createReadStream, createWriteStream } from 'node:fs';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ioError } from '../../base/errors.ts';
import { sha256OfFile } from '../../base/hash.ts';
import type { Store } from '../../store/store.ts';
import { archiveForm, archiveStem, tarEnding } from '../../tar/compression-names.ts';
import { decompress } from '../../tar/decompress.ts';
import { writeTar } from '../../tar/write.ts';
import { spoolZip } from '../../tar/zip/read-zip.ts';
import { expectDigest } from '../archive.ts';
import type { Pinned } from '../contract.ts';
import type { LockedStatic } from './locked-archive.ts';
import { archiveBeside, type StaticSource } from './schema.ts';

/** An archive of sources as a builder is sent it. */
export interface SourceArchive {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

type PinnedStatic = Pinned<StaticSource, LockedStatic>;

/** Most bytes of an archive that is unpacked before it is sent; ten times the largest that is likely. */
const maxBytes = 8 * 1024 ** 3;

/** Opens the archive beside a recipe. Throws SOURCE_CORRUPT where the recipe states another digest, IO. */
async function fromBeside({ source, folder }: PinnedStatic): Promise<SourceArchive | undefined> {
  const archive = archiveBeside(source);
  if (archive === undefined) return undefined;
  const file = join(folder, archive.file);
  if (archive.sha256 !== undefined) {
    const pin = { algorithm: 'sha256', expected: archive.sha256, by: 'the recipe' } as const;
    expectDigest(file, await sha256OfFile(file), pin);
  }
  return { name: posix.basename(archive.file), bytes: createReadStream(file) };
}

/** Returns a zip archive as a tar archive, made in `folder`, an empty one. */
async function tarOfZip(
  { name, bytes }: SourceArchive,
  folder: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const zip = join(folder, 'sources.zip');
  await pipeline(bytes, createWriteStream(zip, { flags: 'wx' })).catch((error: unknown) => {
    throw ioError(error, 'writing', zip);
  });
  const contents = join(folder, 'sources.zip.contents');
  return writeTar(await spoolZip(zip, contents, { source: name, maxBytes, signal }));
}

/**
 * Returns the archive that a program is built from, out of the store or from beside the recipe. No builder
 * has zstd or unzip, so what is in these forms is sent as a plain tar archive; `folder` is an empty one of
 * this build's own. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED (also while the bytes are read), NO_SPACE, IO.
 */
export async function sourceArchive(
  pinned: PinnedStatic,
  store: Store,
  folder: string,
  signal: AbortSignal,
): Promise<SourceArchive | undefined> {
  const { archive: locked } = pinned.locked;
  const found = locked
    ? { name: locked.name, bytes: store.read(locked.sha256) }
    : await fromBeside(pinned);
  const form = found && archiveForm(found.name);
  if (found === undefined || (form !== 'zst' && form !== 'zip')) return found;
  const { name } = found;
  return {
    name: `${archiveStem(name)}${tarEnding('none')}`,
    bytes:
      form === 'zip'
        ? await tarOfZip(found, folder, signal)
        : decompress(found.bytes, form, { maxBytes, what: name, signal }),
  };
}

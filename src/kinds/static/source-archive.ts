import { createReadStream } from 'node:fs';
import { join, posix } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import { sha256OfFile } from '../../base/hash.ts';
import type { Store } from '../../store/store.ts';
import { compressionByName, tarEnding, tarStem } from '../../tar/compression-names.ts';
import { decompress } from '../../tar/decompress.ts';
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
  const found = archive.sha256 === undefined ? undefined : await sha256OfFile(file);
  if (found !== archive.sha256) {
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: [
        `${file}: not what the recipe expects.`,
        `  expected sha256 ${archive.sha256}`,
        `  found    sha256 ${found}`,
      ].join('\n'),
      hint: 'Put the archive there that is meant, or correct "sha256" in the recipe.',
    });
  }
  return { name: posix.basename(archive.file), bytes: createReadStream(file) };
}

/**
 * Returns the archive that a program is built from, out of the store or from beside the recipe. No builder
 * has zstd, so what is compressed with that is sent as it was before. Errors: SOURCE_CORRUPT, IO;
 * ARCHIVE_REFUSED while the bytes are read.
 */
export async function sourceArchive(
  pinned: PinnedStatic,
  store: Store,
  signal: AbortSignal,
): Promise<SourceArchive | undefined> {
  const { archive: locked } = pinned.locked;
  const found = locked
    ? { name: locked.name, bytes: store.read(locked.sha256) }
    : await fromBeside(pinned);
  if (found === undefined || compressionByName(found.name) !== 'zst') return found;
  const { name, bytes } = found;
  return {
    name: `${tarStem(name)}${tarEnding('none')}`,
    bytes: decompress(bytes, 'zst', { maxBytes, what: name, signal }),
  };
}

import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io, Warning } from '../../base/events.ts';
import type { Store } from '../../store/store.ts';
import { compressionByName } from '../../tar/compression-names.ts';
import { readContent } from '../../tar/content.ts';
import { decompress } from '../../tar/decompress.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import type { LockedRelease, LockedRootfs } from './locked-rootfs.ts';

/** Far beyond any root filesystem that is published. */
const maxBytes = 8 * 1024 ** 3;
const maxEntries = 500_000;

const unsigned = ({ url }: LockedRootfs): Warning => ({
  code: 'unsigned-archive',
  message: `${url} was taken without a signature: nothing but the mirror vouches for it.`,
  advice: 'Use a mirror that has the .asc beside the archive, or pin "sha512" in the recipe.',
});

/**
 * Unpacks a locked archive, which must be in the store, into a file of `workFolder`. Returns its entries as
 * they stand in it, without its root. Errors: SOURCE_CORRUPT for damaged bytes and for another
 * release than the locked one, ARCHIVE_REFUSED for a hostile archive, NO_SPACE, IO.
 */
export async function unpackMinirootfs(
  locked: LockedRootfs,
  { store, workFolder }: { readonly store: Store; readonly workFolder: string },
  io: Io,
): Promise<Entry[]> {
  const { trust, release } = locked;
  if (trust.by === 'unsigned-archive') {
    io.emit({ type: 'warning', stage: 'build', warning: unsigned(locked) });
  }
  const entries = await spool(locked, store, join(workFolder, 'minirootfs.tar'), io);
  if (release !== undefined) await checkAlpine(entries, locked.name, release);
  return entries;
}

async function spool(
  { name, sha256 }: LockedRootfs,
  store: Store,
  file: string,
  io: Io,
): Promise<Entry[]> {
  const limits = { maxBytes, maxEntries };
  const form = compressionByName(name) ?? 'none';
  const tar = decompress(store.read(sha256), form, { maxBytes, what: name, signal: io.signal });
  try {
    return await spoolTar(tar, file, { source: name, limits });
  } catch (error) {
    // Damage on disk shows as any of the reader's errors.
    const refused = error instanceof MkbaseError && error.code === 'ARCHIVE_REFUSED';
    if (!refused || (await store.verify(sha256, io))) throw error;
    throw new MkbaseError({
      code: 'SOURCE_CORRUPT',
      message: `The stored ${name} was damaged, and has been removed from the store.`,
      hint: 'Run the same command again; it is fetched anew.',
      cause: error,
    });
  }
}

/** Far more than a version or an architecture takes. */
const maxLineBytes = 256;

/**
 * Checks the release that an archive names inside. A signature covers an archive but not its name: a
 * mirror could pass off an older release, or another architecture, as the one asked for. The files
 * inside must agree. Throws SOURCE_CORRUPT.
 */
async function checkAlpine(
  entries: readonly Entry[],
  name: string,
  { version, arch }: LockedRelease,
): Promise<void> {
  await expectLine(entries, 'etc/alpine-release', version, name);
  await expectLine(entries, 'etc/apk/arch', arch, name);
}

async function expectLine(
  entries: readonly Entry[],
  path: string,
  expected: string,
  name: string,
): Promise<void> {
  const entry = entries.find((each) => each.path === path);
  const small = entry?.type === 'file' && entry.size <= maxLineBytes;
  const found = small ? (await readContent(entry.content)).toString('latin1').trim() : undefined;
  if (found === expected) return;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${name} says ${JSON.stringify(found ?? '(nothing)')} in /${path}, where ${expected} is expected.`,
    hint: 'The mirror serves one release in place of another: use another one with --mirror, or pin anew with `mkbase update`.',
  });
}

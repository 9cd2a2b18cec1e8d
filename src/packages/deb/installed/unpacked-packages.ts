import type { ByteString } from '../../../base/byte-string.ts';
import type { Io } from '../../../base/events.ts';
import { sha256OfBytes } from '../../../base/hash.ts';
import { mapConcurrent } from '../../../base/map-concurrent.ts';
import type { RootfsView } from '../../../rootfs/view.ts';
import type { Store } from '../../../store/store.ts';
import type { Claim, Expected } from '../../claim.ts';
import type { InstalledPackage } from '../../contract.ts';
import type { LockedDebs } from '../locked-debs.ts';
import type { Diversion } from '../unpack/merge.ts';
import { debRecord } from './dpkg-database.ts';
import { type Copyright, type DebFiles, readDebFiles } from './read-deb.ts';

/** Where mkbase records packages that it unpacks (packages/deb/unpack/package-records.ts). */
const records = 'var/lib/dpkg/status.d';

const sha256 = (bytes: Uint8Array): Expected => ({
  type: 'file',
  algorithm: 'sha256',
  digest: sha256OfBytes(bytes),
});

/** A package's record is its own bytes: its control stanza, with one newline at its end, and its md5sums. */
function recordFiles({ locked, control, md5sums }: DebFiles): [ByteString, Expected][] {
  const stanza = Buffer.from(`${control.toString('latin1').trimEnd()}\n`, 'latin1');
  const files: [ByteString, Expected][] = [[`${records}/${locked.name}`, sha256(stanza)]];
  if (md5sums !== undefined) files.push([`${records}/${locked.name}.md5sums`, sha256(md5sums)]);
  return files;
}

/** Where a path of a package lies in the tree: links followed, and what a diversion moved. */
function placing(view: RootfsView, diversions: readonly Diversion[], name: string) {
  const inTree = (path: string) => view.resolve(Buffer.from(path).toString('latin1'));
  const others = diversions.filter(({ by }) => by !== name);
  const moved = new Map(others.map(({ path, to }) => [inTree(path), inTree(to)]));
  return (path: ByteString) => {
    const place = view.resolve(path);
    return moved.get(place) ?? place;
  };
}

/** What was unpacked, and the copyright of each package by its name. */
export interface UnpackedPackages {
  readonly packages: readonly InstalledPackage[];
  readonly copyrights: ReadonlyMap<string, Copyright>;
}

/**
 * The packages of a rootfs without dpkg's database, from the .debs themselves: whatever the lock has is
 * installed, and what it ships is what is read out of it. Errors: those of readDebFiles.
 */
export async function unpackedPackages(
  { packages }: LockedDebs,
  diversions: readonly Diversion[],
  { view, store }: { readonly view: RootfsView; readonly store: Store },
  io: Io,
): Promise<UnpackedPackages> {
  const debs = await mapConcurrent(
    packages,
    2,
    (each, group) => readDebFiles(each, store, group),
    io,
  );
  const copyrights = new Map<string, Copyright>();
  const installed = debs.flatMap((deb): InstalledPackage[] => {
    const { name } = deb.locked;
    if (deb.copyright !== undefined) copyrights.set(name, deb.copyright);
    const record = debRecord(deb.fields);
    if (record === undefined) return [];
    const place = placing(view, diversions, name);
    const files: [ByteString, Expected][] = [...deb.files].map(([path, what]) => [
      place(path),
      what,
    ]);
    const claims = (component: string): Claim[] =>
      [...files, ...recordFiles(deb)].map(([path, expected]) => ({ component, path, expected }));
    return [{ record, claims }];
  });
  return { packages: installed, copyrights };
}

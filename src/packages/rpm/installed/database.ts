import type { RootfsView } from '../../../rootfs/view.ts';
import type { Algorithm, Claim, Expected } from '../../claim.ts';
import type { InstalledPackage, PackageRecord } from '../../contract.ts';
import { evrText, parseEvr } from '../evr.ts';
import { family } from '../family.ts';
import type { Header } from '../package/header.ts';
import { tags } from '../package/tags.ts';
import { filesOf, fileTypes, isGhost, type RpmFile, type RpmFiles } from '../payload/files.ts';

import { databasePath, installedHeaders } from './rpmdb.ts';

/** Splits the file name of a source package: `bash-5.2-1.fc40.src.rpm`. */
export function sourceOf(file: string | undefined): { name: string; version: string } | undefined {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file ?? '') ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Reads the record of an installed package. Throws SyntaxError for a header without name or version. */
export function recordOf(header: Header): PackageRecord {
  const text = (tag: number): string => {
    const value = header.text(tag);
    if (!value) throw new SyntaxError(`a package has no tag ${tag}`);
    return value;
  };
  const epoch = header.numbers(tags.epoch)[0] ?? 0;
  const name = text(tags.name);
  const bare = { epoch: 0, version: text(tags.version), release: text(tags.release) };
  parseEvr(evrText({ ...bare, epoch }));
  return {
    kind: family,
    name,
    version: evrText({ ...bare, epoch }),
    // The key that rpm stores as a package has none.
    architecture: header.text(tags.arch) ?? 'noarch',
    source: sourceOf(header.text(tags.sourceRpm)) ?? { name, version: evrText(bare) },
    maintainer: header.text(tags.packager) ?? header.text(tags.vendor),
    homepage: header.text(tags.url),
    licence: header.text(tags.licence),
  };
}

/** Hashes of files by OpenPGP's number that claims can be made with. */
const algorithms: Readonly<Record<number, Algorithm>> = { 1: 'md5', 2: 'sha1', 8: 'sha256' };

function expectedOf(file: RpmFile, algorithm: Algorithm | undefined): Expected | undefined {
  const type = file.mode & fileTypes.mask;
  if (type === fileTypes.directory) return undefined;
  // Files that installing or running makes are not as they were packed.
  if (isGhost(file)) return { type: 'name' };
  if (type === fileTypes.symlink) return { type: 'symlink', target: file.target };
  if (type !== fileTypes.file || algorithm === undefined || file.digest === '')
    return { type: 'name' };
  return { type: 'file', algorithm, digest: file.digest };
}

function claimsOf({ files, digestAlgorithm }: RpmFiles, component: string): Claim[] {
  return files.flatMap((file) => {
    const expected = expectedOf(file, algorithms[digestAlgorithm]);
    return expected === undefined ? [] : [{ component, path: file.path, expected }];
  });
}

/** Public keys that rpm keeps among the packages; they are none. */
const isKey = (header: Header): boolean => header.text(tags.name) === 'gpg-pubkey';

/**
 * Reads from rpm's database in a rootfs which packages own which paths; undefined without one. Throws
 * SyntaxError.
 */
export async function readRpmDatabase(view: RootfsView): Promise<InstalledPackage[] | undefined> {
  const path = databasePath(view);
  if (path === undefined) return undefined;
  const bytes = await view.readBytes(path);
  if (bytes === undefined) throw new SyntaxError(`${path} is no file, or too large to be read`);
  return installedHeaders(Buffer.from(bytes, 'latin1'))
    .filter((header) => !isKey(header))
    .map((header) => {
      const files = filesOf(header);
      const claims = (component: string) => claimsOf(files, component);
      return { record: recordOf(header), claims };
    });
}

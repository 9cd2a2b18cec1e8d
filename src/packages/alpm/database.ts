import { gunzipSync } from 'node:zlib';
import { type ByteString, fromByteString } from '../../base/byte-string.ts';
import type { RootfsView } from '../../rootfs/view.ts';
import type { Claim, Expected } from '../claim.ts';
import type { InstalledPackage, PackageRecord } from '../contract.ts';
import { family } from './alpm-inputs.ts';
import { type Desc, parseDesc } from './desc.ts';
import { parseMtree } from './mtree.ts';

/** The folder of pacman's database: a folder for each package. */
export const databaseFolder = 'var/lib/pacman/local';

/** Most bytes of an unpacked .MTREE; the kernel's headers have three million. */
const maxMtreeBytes = 16 * 1024 * 1024;

/** Returns the folders of installed packages, sorted. */
export const packageFolders = ({ entries }: Pick<RootfsView, 'entries'>): ByteString[] =>
  entries
    .flatMap(({ path, type }) => {
      const name = path.startsWith(`${databaseFolder}/`)
        ? path.slice(databaseFolder.length + 1)
        : '';
      return type === 'file' && /^[^/]+\/desc$/.test(name)
        ? [path.slice(0, -'/desc'.length) as ByteString]
        : [];
    })
    .sort();

/** Reads the record of an installed package. Throws SyntaxError for one without name or version. */
export function recordOf(desc: Desc, folder: ByteString): PackageRecord {
  const text = (key: string) => desc.get(key)?.[0];
  const [name, version] = [text('NAME'), text('VERSION')];
  if (!name || !version) throw new SyntaxError(`/${fromByteString(folder)} names no package`);
  const licences = desc.get('LICENSE') ?? [];
  const licence = licences.map((each) =>
    licences.length > 1 && / OR /i.test(each) ? `(${each})` : each,
  );
  return {
    kind: family,
    name,
    version,
    architecture: text('ARCH') ?? 'any',
    // All packages of a base have its version.
    source: { name: text('BASE') ?? name, version },
    maintainer: text('PACKAGER'),
    homepage: text('URL'),
    licence: licence.join(' AND ') || undefined,
  };
}

function unpacked(bytes: ByteString, path: string): ByteString {
  try {
    const limits = { maxOutputLength: maxMtreeBytes };
    return gunzipSync(Buffer.from(bytes, 'latin1'), limits).toString('latin1') as ByteString;
  } catch (error) {
    throw new SyntaxError(`/${path} is no gzip file: ${(error as Error).message}`);
  }
}

/** Returns the files of a package by the list in the database, and their hashes by its .MTREE. */
async function filesOf(view: RootfsView, folder: ByteString): Promise<Map<ByteString, Expected>> {
  const text = (await view.readBytes(`${folder}/files` as ByteString)) ?? '';
  const lists = parseDesc(text);
  const packed = await view.readBytes(`${folder}/mtree` as ByteString);
  const known = packed === undefined ? new Map() : parseMtree(unpacked(packed, folder));
  // Administrators change these: they are not held to be as they were packed.
  const changeable = new Set((lists.get('BACKUP') ?? []).map((each) => each.split('\t')[0]));
  const files = new Map<ByteString, Expected>();
  for (const path of (lists.get('FILES') ?? []) as ByteString[]) {
    if (path.endsWith('/')) continue;
    const expected = changeable.has(path) ? undefined : known.get(path);
    files.set(path, expected ?? { type: 'name' });
  }
  return files;
}

async function installed(view: RootfsView, folder: ByteString): Promise<InstalledPackage> {
  const desc = parseDesc((await view.readText(`${folder}/desc` as ByteString)) ?? '');
  const files = await filesOf(view, folder);
  const claims = (component: string): Claim[] =>
    [...files].map(([path, expected]) => ({ component, path, expected }));
  return { record: recordOf(desc, folder), claims };
}

/**
 * Reads from pacman's database in a rootfs which packages own which paths; undefined without one. Throws
 * SyntaxError.
 */
export async function readAlpmDatabase(view: RootfsView): Promise<InstalledPackage[] | undefined> {
  const folders = packageFolders(view);
  if (folders.length === 0) return undefined;
  const packages: InstalledPackage[] = [];
  for (const folder of folders) packages.push(await installed(view, folder));
  return packages;
}

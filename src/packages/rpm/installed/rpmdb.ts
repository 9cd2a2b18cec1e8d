import type { RootfsView } from '../../../rootfs/view.ts';
import { Header } from '../package/header.ts';
import { signatureTags } from '../package/tags.ts';
import { sqliteRows } from './sqlite.ts';

/** Folders of rpm's database: of Fedora and Enterprise Linux 10, and of those before. */
export const databaseFolders = ['usr/lib/sysimage/rpm', 'var/lib/rpm'];

/** Files of databases of older forms, which are not read. */
const olderForms: Readonly<Record<string, string>> = {
  Packages: 'Berkeley DB',
  'Packages.db': 'ndb',
};

/** Returns the path at which an image has rpm's database; undefined without one. Throws SyntaxError for an older form. */
export function databasePath(view: RootfsView): string | undefined {
  for (const folder of databaseFolders) {
    const path = view.resolve(`${folder}/rpmdb.sqlite`);
    if (view.at(path) !== undefined) return path;
    for (const [name, form] of Object.entries(olderForms)) {
      if (view.at(view.resolve(`${folder}/${name}`)) === undefined) continue;
      throw new SyntaxError(`${folder}/${name} is of ${form}; rpmdb.sqlite is read`);
    }
  }
  return undefined;
}

/**
 * Reads the headers of the installed packages from the bytes of an rpmdb.sqlite, each with the part that
 * was signed. The digest that rpm noted at its installation must be that of this part. Throws SyntaxError.
 */
export function installedHeaders(bytes: Buffer): Header[] {
  const headers: Header[] = [];
  for (const row of sqliteRows(bytes, 'Packages')) {
    const blob = row.at(-1);
    if (!Buffer.isBuffer(blob)) throw new SyntaxError('a row of Packages has no header');
    const header = Header.ofDatabase(blob);
    const noted = header.text(signatureTags.sha256Header);
    if (noted !== undefined && noted !== header.digest()) {
      throw new SyntaxError(
        `the header of ${header.text(1000)} was changed since it was installed`,
      );
    }
    headers.push(header);
  }
  return headers;
}

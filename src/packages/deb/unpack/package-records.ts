import type { Entry } from '../../../tar/entry.ts';
import { rootFile } from '../../../tar/root-entry.ts';
import type { UnpackedDeb } from './unpack-deb.ts';

/**
 * The folder that records packages unpacked without dpkg, one file for each: Google's distroless
 * images began with it, and trivy, syft and grype read it.
 */
const folder = 'var/lib/dpkg/status.d';

/** Makes the records: a package's control stanza, and beside it the checksums of its files. */
export function packageRecords(packages: readonly UnpackedDeb[], mtime: number): Entry[] {
  return packages.flatMap(({ locked, control, md5sums }) => [
    rootFile(`${folder}/${locked.name}`, ended(control), mtime),
    ...(md5sums === undefined
      ? []
      : [rootFile(`${folder}/${locked.name}.md5sums`, md5sums, mtime)]),
  ]);
}

/** Ends a stanza with its last line: one newline, no empty line. */
const ended = (control: Buffer): Buffer =>
  Buffer.from(`${control.toString('latin1').trimEnd()}\n`, 'latin1');

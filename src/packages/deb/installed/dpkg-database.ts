import type { ByteString } from '../../../base/byte-string.ts';
import type { RootfsView } from '../../../rootfs/view.ts';
import type { Claim, Expected } from '../../claim.ts';
import type { InstalledPackage, PackageRecord } from '../../contract.ts';
import { family } from '../deb-inputs.ts';
import { type Paragraph, parseParagraphs, sourceOf } from '../index/paragraph.ts';

/** Returns the path at which a package's file really is. */
type Divert = (path: ByteString, owner: string) => ByteString;

/**
 * Reads dpkg's `diversions` (dpkg-divert(1)): three lines each, the contested path, where it was moved
 * to, and the package that keeps it (`:` for none).
 */
function readDiversions(text: ByteString): Divert {
  const lines = text.split('\n');
  const moved = new Map<ByteString, { readonly to: ByteString; readonly by: string }>();
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [path = '', to = '', by = ''] = lines.slice(at, at + 3);
    moved.set(path.slice(1), { to: to.slice(1), by });
  }
  return (path, owner) => {
    const diversion = moved.get(path);
    return diversion === undefined || diversion.by === owner ? path : diversion.to;
  };
}

const folder = 'var/lib/dpkg';

/**
 * Returns the record of a package in dpkg's status file or in a control file; undefined for one without
 * a version.
 */
export function debRecord(fields: Paragraph): PackageRecord | undefined {
  const name = fields.get('package');
  const version = fields.get('version');
  if (!name || !version) return undefined;
  return {
    kind: family,
    name,
    version,
    architecture: fields.get('architecture') ?? 'all',
    source: sourceOf(fields.get('source'), name, version),
    maintainer: fields.get('maintainer'),
    homepage: fields.get('homepage'),
  };
}

/**
 * Reads the lines of `md5sums` (deb-md5sums(5)), and of a stanza's `Conffiles` field, which has paths
 * first.
 */
function expectedFiles(md5sums: ByteString, conffiles: string): Map<ByteString, Expected> {
  const expected = new Map<ByteString, Expected>();
  for (const [, digest = '', path = ''] of md5sums.matchAll(/^([0-9a-f]{32}) [ *](.+)$/gm)) {
    expected.set(path, { type: 'file', algorithm: 'md5', digest });
  }
  for (const [, path = '', digest = ''] of conffiles.matchAll(
    /^ ?\/(.+) ([0-9a-f]{32})( .*)?$/gm,
  )) {
    expected.set(path, { type: 'file', algorithm: 'md5', digest });
  }
  return expected;
}

/**
 * Reads a package's file below info/, which is named with the architecture where several may be
 * installed.
 */
async function readInfo(view: RootfsView, record: PackageRecord, kind: string) {
  const { name, architecture } = record;
  const base = `${folder}/info/${name}`;
  return (
    (await view.readBytes(`${base}:${architecture}.${kind}`)) ??
    (await view.readBytes(`${base}.${kind}`))
  );
}

async function installed(
  view: RootfsView,
  fields: Paragraph,
  diverted: Divert,
): Promise<InstalledPackage | undefined> {
  const record = debRecord(fields);
  if (record === undefined || fields.get('status')?.endsWith(' not-installed')) return undefined;
  const list = (await readInfo(view, record, 'list')) ?? '';
  const md5sums = (await readInfo(view, record, 'md5sums')) ?? '';
  const conffiles = Buffer.from(fields.get('conffiles') ?? '').toString('latin1');
  const expected = expectedFiles(md5sums, conffiles);
  const paths = list.split('\n').filter((line) => line.length > 1 && line !== '/.');
  const claims = (component: string): Claim[] =>
    paths.map((line) => {
      const path = line.slice(1);
      return {
        component,
        path: diverted(path, record.name),
        expected: expected.get(path) ?? { type: 'name' },
      };
    });
  return { record, claims };
}

/**
 * Reads from dpkg's database in a rootfs which packages are installed (dpkg-query(1), `-W`), and which
 * paths are whose. Undefined without a database; SyntaxError for one that cannot be read.
 */
export async function readDpkgDatabase(view: RootfsView): Promise<InstalledPackage[] | undefined> {
  const status = await view.readText(`${folder}/status`);
  if (status === undefined || status.trim() === '') return undefined;
  const diverted = readDiversions((await view.readBytes(`${folder}/diversions`)) ?? '');
  const packages: InstalledPackage[] = [];
  for (const fields of parseParagraphs(status)) {
    const each = await installed(view, fields, diverted);
    if (each !== undefined) packages.push(each);
  }
  return packages;
}

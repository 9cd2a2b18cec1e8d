import type { ByteString } from '../../../base/byte-string.ts';
import type { RootfsView } from '../../../rootfs/view.ts';
import type { Claim } from '../../claim.ts';
import type { InstalledPackage, PackageOwners } from '../../contract.ts';
import { parseParagraphs } from '../index/paragraph.ts';
import { debRecord } from './dpkg-database.ts';

const folder = 'var/lib/dpkg/status.d/';

/** Reads the packages that were unpacked without dpkg: a record of each, and the checksums of its files. */
export async function recordedPackages(view: RootfsView): Promise<PackageOwners> {
  const versions = new Map<string, string>();
  const owners = new Map<ByteString, string>();
  for (const { path } of view.entries) {
    if (!path.startsWith(folder)) continue;
    const name = path.slice(folder.length).replace(/\.md5sums$/, '');
    if (path.endsWith('.md5sums')) {
      const sums = (await view.readBytes(path)) ?? '';
      for (const [, file = ''] of sums.matchAll(/^[0-9a-f]{32} {2}(.+)$/gm))
        owners.set(view.resolve(file), name);
      continue;
    }
    for (const fields of parseParagraphs((await view.readText(path)) ?? '')) {
      const record = debRecord(fields);
      if (record) versions.set(record.name, record.version);
    }
  }
  return { versions, owners };
}

/**
 * Reads the packages that were unpacked without dpkg, with the files of which their records keep a
 * checksum, and the records themselves.
 */
export async function recordedInstalled(view: RootfsView): Promise<InstalledPackage[]> {
  const packages: InstalledPackage[] = [];
  for (const { path } of view.entries) {
    if (!path.startsWith(folder) || path.endsWith('.md5sums')) continue;
    const [fields] = parseParagraphs((await view.readText(path)) ?? '');
    const record = fields && debRecord(fields);
    if (record === undefined) continue;
    const sums = (await view.readBytes(`${path}.md5sums`)) ?? '';
    const claims = (component: string): Claim[] => [
      ...[path, `${path}.md5sums`].map((each) => ({
        ...{ component, path: each, expected: { type: 'name' } as const },
      })),
      ...[...sums.matchAll(/^([0-9a-f]{32}) {2}(.+)$/gm)].map(
        ([, digest = '', file = '']): Claim => ({
          ...{ component, path: file, expected: { type: 'file', algorithm: 'md5', digest } },
        }),
      ),
    ];
    packages.push({ record, claims });
  }
  return packages;
}

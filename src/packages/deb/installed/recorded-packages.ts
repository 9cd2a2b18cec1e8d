import type { ByteString } from '../../../base/byte-string.ts';
import type { RootfsView } from '../../../rootfs/view.ts';
import type { PackageOwners } from '../../contract.ts';
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

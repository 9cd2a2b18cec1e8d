import type { PackageRecord } from '../contract.ts';
import type { Distro } from '../distro.ts';
import { purl } from '../purl.ts';
import { parseEvr } from './evr.ts';
import { family } from './family.ts';

/**
 * Returns the package URL of a package (purl-spec, type rpm): names keep their case, and the epoch is a
 * qualifier. The source package is named by its file, as syft writes and grype reads it.
 */
export function rpmPurl(record: PackageRecord, distro: Distro): string {
  const { name, architecture, source } = record;
  const { epoch, version, release } = parseEvr(record.version);
  return purl({
    type: family,
    namespace: distro.id.toLowerCase(),
    name,
    version: `${version}-${release}`,
    qualifiers: {
      arch: architecture,
      distro: distro.release,
      epoch: epoch === 0 ? undefined : String(epoch),
      upstream: `${source.name}-${source.version}.src.rpm`,
    },
  });
}

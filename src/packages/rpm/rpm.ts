import type { PackageFamily, PackageRecord } from '../contract.ts';
import type { Distro } from '../distro.ts';
import { purl } from '../purl.ts';
import { parseEvr } from './evr.ts';
import { rpmRules } from './generated.ts';
import { readRpmDatabase } from './installed/database.ts';
import { rpmLicence } from './licence.ts';
import { family } from './rpm-inputs.ts';

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

/** Packages of Fedora, Enterprise Linux and their relatives. */
export const rpm: PackageFamily = {
  name: family,
  database: readRpmDatabase,
  generated: rpmRules,
  purl: rpmPurl,
  versionParts: (text) => {
    const [, epoch, upstream = text, revision] = /^(?:(\d+):)?([^:-]+)-([^:-]+)$/.exec(text) ?? [];
    return { epoch, upstream, revision };
  },
  licences: () => (record) => rpmLicence(record.licence),
  isFileOf: (input, { name, version, architecture }) =>
    input.name === name && input.version === version && input.architecture === architecture,
};

import type { PackageFamily, VersionParts } from '../contract.ts';
import { packagePurl } from '../purl.ts';
import { family } from './deb-inputs.ts';
import { debianRules } from './generated.ts';
import { licenceFinder } from './installed/copyrights.ts';
import { readDpkgDatabase } from './installed/dpkg-database.ts';
import { recordedPackages } from './installed/recorded-packages.ts';
import { packageOfTool } from './tool-packages.ts';

/** Splits `1:1.3.dfsg-2` into epoch, upstream's version and Debian's revision (deb-version(7)). */
function debianVersion(version: string): VersionParts {
  const [, epoch, rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, upstream: rest, revision: undefined }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Packages of Debian, Ubuntu and their relatives. */
export const deb: PackageFamily = {
  name: family,
  database: readDpkgDatabase,
  recorded: recordedPackages,
  generated: debianRules,
  purl: packagePurl,
  versionParts: debianVersion,
  packageOf: packageOfTool,
  licences: (view, io) => licenceFinder({ view, known: new Map() }, io),
  isFileOf: (input, { name, version, architecture }) =>
    input.name === name && input.version === version && input.architecture === architecture,
};

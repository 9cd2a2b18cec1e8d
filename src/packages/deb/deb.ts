import type { PackageFamily } from '../contract.ts';
import { packagePurl } from '../purl.ts';
import { family } from './deb-inputs.ts';
import { debianRules } from './generated.ts';
import { licenceFinder } from './installed/copyrights.ts';
import { readDpkgDatabase } from './installed/dpkg-database.ts';
import { recordedPackages } from './installed/recorded-packages.ts';

/** Packages of Debian, Ubuntu and their relatives. */
export const deb: PackageFamily = {
  name: family,
  database: readDpkgDatabase,
  recorded: recordedPackages,
  generated: debianRules,
  purl: packagePurl,
  licences: (view, io) => licenceFinder({ view, known: new Map() }, io),
  isFileOf: (input, { name, version, architecture }) =>
    input.name === name && input.version === version && input.architecture === architecture,
};

import type { PackageFamily } from '../contract.ts';
import { packagePurl } from '../purl.ts';
import { family } from './apk-inputs.ts';
import { readApkDatabase } from './database.ts';
import { alpineRules } from './generated.ts';
import { apkLicence } from './licence.ts';

/** Packages of Alpine and its relatives. */
export const apk: PackageFamily = {
  name: family,
  database: readApkDatabase,
  generated: alpineRules,
  purl: packagePurl,
  // A package provides each of its commands by this name.
  packageOf: (program) => `cmd:${program}`,
  licences: () => (record) => apkLicence(record.licence),
  // A package that fits any architecture is recorded under the one that it was installed for.
  isFileOf: (input, { name, version, architecture }) =>
    input.name === name &&
    input.version === version &&
    (input.architecture === architecture || input.architecture === 'noarch'),
};

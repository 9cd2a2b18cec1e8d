import type { PackageFamily } from '../contract.ts';
import { family } from './family.ts';
import { rpmRules } from './generated.ts';
import { readRpmDatabase } from './installed/database.ts';
import { rpmLicence } from './licence.ts';
import { rpmPurl } from './rpm-purl.ts';

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

import type { PackageFamily } from '../contract.ts';
import { packagePurl } from '../purl.ts';
import { family } from './alpm-inputs.ts';
import { readAlpmDatabase } from './database.ts';
import { alpmRules } from './generated.ts';
import { alpmLicence } from './licence.ts';

/** Packages of Arch Linux and its relatives. */
export const alpm: PackageFamily = {
  name: family,
  database: readAlpmDatabase,
  generated: alpmRules,
  purl: packagePurl,
  versionParts: (text) => {
    const [, epoch, upstream = text, revision] = /^(?:(\d+):)?(.+)-([^-]+)$/.exec(text) ?? [];
    return { epoch, upstream, revision };
  },
  licences: () => (record) => alpmLicence(record.licence),
  isFileOf: (input, { name, version, architecture }) =>
    input.name === name && input.version === version && input.architecture === architecture,
};

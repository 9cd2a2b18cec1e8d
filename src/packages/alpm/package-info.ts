import { refusedArchive } from '../../tar/decompress.ts';
import { alpmArch, alpmName, alpmVersion } from './locked-alpm.ts';

/** The fields of a package's .PKGINFO (makepkg writes them): key → values, in their order. */
export type PackageInfo = ReadonlyMap<string, readonly string[]>;

/**
 * Reads .PKGINFO: lines `key = value`, of which `#` starts a comment; a list repeats its key. Throws
 * SyntaxError for any other line.
 */
export function parsePackageInfo(text: string): PackageInfo {
  const fields = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [match, key = '', value = ''] = /^([a-z_]+) = ?(.*)$/.exec(line) ?? [];
    if (match === undefined) throw new SyntaxError(`there is a line ${JSON.stringify(line)}`);
    const values = fields.get(key);
    if (values === undefined) fields.set(key, [value]);
    else values.push(value);
  }
  return fields;
}

/** A package by its own words. */
export interface StatedPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly base: string;
  readonly license: string;
  /** Seconds since 1970. */
  readonly built: number;
}

/** Returns the value of a key that has to be there once. Throws SyntaxError. */
function once(info: PackageInfo, key: string): string {
  const values = info.get(key) ?? [];
  const [value] = values;
  if (values.length === 1 && value !== undefined && value !== '') return value;
  throw new SyntaxError(`it has ${values.length} values of ${key}, expected one`);
}

/** The licences of a package, all of which hold (PKGBUILD(5), license), as one line. */
const licenceOf = (info: PackageInfo): string => {
  const all = (info.get('license') ?? []).map((each) => each.replace(/\p{Cc}/gu, '').trim());
  const named = all.filter((each) => each !== '');
  const joined = named.map((each) => (named.length > 1 && / OR /i.test(each) ? `(${each})` : each));
  return joined.join(' AND ').slice(0, 1000) || 'unknown';
};

/** Reads who a package says that it is. Throws SyntaxError for missing or malformed fields. */
function statedIn(info: PackageInfo): StatedPackage {
  const name = alpmName.safeParse(once(info, 'pkgname'));
  const version = alpmVersion.safeParse(once(info, 'pkgver'));
  const arch = alpmArch.safeParse(once(info, 'arch'));
  const base = alpmName.safeParse(info.has('pkgbase') ? once(info, 'pkgbase') : name.data);
  const built = once(info, 'builddate');
  if (!name.success || !version.success || !arch.success || !base.success) {
    throw new SyntaxError('its name, version, base or architecture is none of pacman’s');
  }
  if (!/^\d{1,11}$/.test(built)) throw new SyntaxError(`its builddate is ${JSON.stringify(built)}`);
  return {
    ...{ name: name.data, version: version.data, arch: arch.data, base: base.data },
    license: licenceOf(info),
    built: Number(built),
  };
}

/** Reads who a package says that it is. `what` is its file name. Throws ARCHIVE_REFUSED. */
export function statedPackage(info: PackageInfo, what: string): StatedPackage {
  try {
    return statedIn(info);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusedArchive(what, `its .PKGINFO cannot be used: ${error.message}`, error);
  }
}

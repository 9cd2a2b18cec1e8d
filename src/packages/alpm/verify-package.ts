import { MkbaseError } from '../../base/errors.ts';
import type { Check } from '../openpgp/signers.ts';
import { verifyByWeb, type WebOfTrust, type WebSigners } from '../openpgp/web-of-trust.ts';
import { type PackageInfo, type StatedPackage, statedPackage } from './package-info.ts';
import { readPackageInfo } from './read-package.ts';

/** A package whose packager counts, by its own words. */
export interface VerifiedAlpm extends WebSigners {
  readonly stated: StatedPackage;
  readonly info: PackageInfo;
}

/** A package and its signature. */
export interface SignedPackage {
  /** Opens the file anew: it is read for its signature, and then for its .PKGINFO. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly signature: Uint8Array;
}

/**
 * Verifies the signature of a package by a packager whom enough masters certify; only then is it read who it
 * says that it is. Errors: SOURCE_UNTRUSTED, SOURCE_CORRUPT, ARCHIVE_REFUSED.
 */
export async function verifyPackage(
  { open, signature }: SignedPackage,
  web: WebOfTrust,
  check: Omit<Check, 'keys'>,
): Promise<VerifiedAlpm> {
  const signers = await verifyByWeb(open(), signature, web, check);
  const info = await readPackageInfo(open(), check.what);
  return { ...signers, info, stated: statedPackage(info, check.what) };
}

/** Compares who a package says that it is with who the database says. Throws SOURCE_CORRUPT. */
export function checkIdentity(
  { name, version, arch }: StatedPackage,
  expected: { readonly name: string; readonly version: string; readonly arch: string },
  what: string,
): void {
  const found = `${name} ${version}`;
  const wanted = `${expected.name} ${expected.version}`;
  if (found === wanted && (arch === expected.arch || arch === 'any')) return;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what}: not the package that the database of the repository lists.\n  expected ${wanted} for ${expected.arch} or any\n  found    ${found} for ${arch}`,
    hint: 'Nobody signs the database, so whoever serves it may pass off one package for another: use another mirror with --mirror.',
  });
}

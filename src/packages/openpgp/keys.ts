import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicKey } from 'openpgp';
import { ioError, MkbaseError } from '../../base/errors.ts';
import { packageRoot } from '../../base/package-root.ts';
import type { DistributionName } from '../deb/archive/distribution.ts';

/** Folder of Debian's keys, which ship with mkbase; its README.md says where each comes from. */
export const keyringFolder = join(packageRoot, 'src/packages/deb/keyring');

/** Keys of one distribution sign nothing of another's. */
const folders: Readonly<Record<DistributionName, string>> = {
  debian: keyringFolder,
  ubuntu: join(keyringFolder, 'ubuntu'),
};

const armorStart = '-----BEGIN PGP PUBLIC KEY BLOCK-----';

async function readKeys(file: string): Promise<PublicKey[]> {
  const bytes = await readFile(file).catch((error) => {
    throw ioError(error, 'reading the keyring', file);
  });
  const { readKeys } = await import('openpgp');
  try {
    if (!bytes.includes(armorStart)) return await readKeys({ binaryKeys: bytes });
    const blocks = bytes.toString('latin1').split(new RegExp(`(?=^${armorStart})`, 'm'));
    const armored = blocks.filter((block) => block.startsWith(armorStart));
    return (await Promise.all(armored.map((armoredKeys) => readKeys({ armoredKeys })))).flat();
  } catch (error) {
    throw new MkbaseError({
      code: 'SOURCE_UNTRUSTED',
      message: `${file} holds no OpenPGP public key: ${(error as Error).message}`,
      hint: 'Export one with: gpg --export --armor <fingerprint>',
      cause: error,
    });
  }
}

/** The public keys in files, armored or binary (RFC 9580). Errors: IO, SOURCE_UNTRUSTED. */
export async function readKeyFiles(files: readonly string[]): Promise<PublicKey[]> {
  return (await Promise.all(files.map(readKeys))).flat();
}

async function readShipped(distribution: DistributionName): Promise<PublicKey[]> {
  const folder = folders[distribution];
  const names = (await readdir(folder)).filter((name) => name.endsWith('.asc')).sort();
  return readKeyFiles(names.map((name) => join(folder, name)));
}

/** The keys that ship with mkbase: they are asked for with each index, and stay the same for a run. */
const shipped = new Map<DistributionName, Promise<PublicKey[]>>();

/** The keys that are believed for one archive. */
export interface Believed {
  /** Files with public keys. */
  readonly keyrings?: readonly string[] | undefined;
  /** Debian when left out. */
  readonly distribution?: DistributionName | undefined;
  /** Set for a third party: only those of `keyrings` with one of these fingerprints, all when it is empty. */
  readonly thirdParty?:
    | { readonly name: string; readonly fingerprints: readonly string[] }
    | undefined;
}

/**
 * The keys of an archive: the distribution's own and those that the recipe adds; for a third party's only
 * its own. Errors: IO, SOURCE_UNTRUSTED where a file has not the key that is named.
 */
export async function archiveKeys(believed: Believed): Promise<PublicKey[]> {
  const { keyrings = [], distribution, thirdParty } = believed;
  if (thirdParty === undefined) return trustedKeys(keyrings, distribution);
  const { name, fingerprints } = thirdParty;
  const keys = await readKeyFiles(keyrings);
  if (fingerprints.length === 0) return keys;
  const found = new Map(keys.map((key) => [key.getFingerprint().toUpperCase(), key]));
  const missing = fingerprints.find((each) => !found.has(each));
  if (missing !== undefined) {
    throw new MkbaseError({
      code: 'SOURCE_UNTRUSTED',
      message: `The keys of the source ${name} have no key ${missing}; they have ${[...found.keys()].join(', ')}.`,
      hint: 'Correct "fingerprints", or put the key that is meant into the file.',
      about: [missing],
    });
  }
  return fingerprints.flatMap((each) => found.get(each) ?? []);
}

/** A distribution's archive keys, and those in the files of `extra`. */
export async function trustedKeys(
  extra: readonly string[] = [],
  distribution: DistributionName = 'debian',
): Promise<PublicKey[]> {
  const own = shipped.get(distribution) ?? readShipped(distribution);
  shipped.set(distribution, own);
  return [...(await own), ...(await readKeyFiles(extra))];
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublicKey } from 'openpgp';
import { ioError, MkbaseError } from '../../errors.ts';
import { packageRoot } from '../../package-root.ts';

/** Folder of the keys that ship with mkbase; its README.md says where each comes from. */
export const keyringFolder = join(packageRoot, 'src/sources/debian/keyring');

const armorStart = '-----BEGIN PGP PUBLIC KEY BLOCK-----';

async function readKeys(file: string): Promise<PublicKey[]> {
  const bytes = await readFile(file).catch((error) => {
    throw ioError(error, 'reading the keyring', file);
  });
  const { readKeys } = await import('openpgp');
  const armored = bytes.includes(armorStart);
  try {
    return armored
      ? await readKeys({ armoredKeys: bytes.toString('latin1') })
      : await readKeys({ binaryKeys: bytes });
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

/** Debian's archive keys, and those in the files of `extra`. */
export async function trustedKeys(extra: readonly string[] = []): Promise<PublicKey[]> {
  const names = (await readdir(keyringFolder)).filter((name) => name.endsWith('.asc')).sort();
  return readKeyFiles([...names.map((name) => join(keyringFolder, name)), ...extra]);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import { packageRoot } from '../../base/package-root.ts';
import { readWeb, type WebOfTrust } from '../openpgp/web-of-trust.ts';

/** Folder of Arch's keys, which ship with mkbase; its README.md says where they come from. */
export const keyringFolder = join(packageRoot, 'src/packages/alpm/keyring');

/** The keys and masters that a recipe brings, in place of Arch's own. */
export interface OwnTrust {
  /** Absolute paths of files with public keys. */
  readonly keys: readonly string[];
  /** Fingerprints of master keys. */
  readonly masters: readonly string[];
}

/** Reads the fingerprints of a file of pacman-key: one at the start of each line. */
async function fingerprints(name: string): Promise<string[]> {
  const file = join(keyringFolder, name);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw ioError(error, 'reading', file);
  });
  return text.split('\n').flatMap((line) => /^[0-9A-F]{40}/.exec(line)?.[0] ?? []);
}

async function readShipped(): Promise<WebOfTrust> {
  return readWeb({
    files: [join(keyringFolder, 'archlinux.gpg')],
    masters: await fingerprints('archlinux-trusted'),
    revoked: await fingerprints('archlinux-revoked'),
    foreign: false,
  });
}

let shipped: Promise<WebOfTrust> | undefined;

/**
 * Returns the packagers that count: Arch's, or those whom a recipe's own masters certify. The own ones are
 * believed in place of Arch's, for a repository of one's own. Errors: IO, SOURCE_UNTRUSTED.
 */
export async function alpmTrust({ keys, masters }: OwnTrust): Promise<WebOfTrust> {
  if (masters.length > 0) return readWeb({ files: keys, masters, revoked: [], foreign: true });
  shipped ??= readShipped();
  return shipped;
}

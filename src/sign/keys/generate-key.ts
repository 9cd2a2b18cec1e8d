import { generateKeyPair } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ioError, MkbaseError } from '../../base/errors.ts';

const generate = promisify(generateKeyPair);

/** Writes a new file; refuses to replace one, which might be the only copy of a key. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const failed = (error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? new MkbaseError({
          code: 'USAGE',
          message: `${file} is there already, and a key is never written over.`,
          hint: 'Choose another name, or move the file away.',
        })
      : ioError(error, 'writing the key', file);
  const handle = await open(file, 'wx', mode).catch((error: unknown) => {
    throw failed(error);
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw failed(error);
  } finally {
    await handle.close();
  }
}

/**
 * Makes an Ed25519 pair, whose signatures of the same bytes are always the same. Writes the private key to
 * `file` as PKCS #8 in PEM, readable by its owner alone and encrypted if there is a passphrase, and the
 * public key to `file`.pub. Errors: USAGE if one of the files exists, IO, NO_SPACE; then neither file is
 * written, and an older one stays.
 */
export async function generateKey(
  file: string,
  passphrase: string | undefined,
): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const { privateKey, publicKey } = await generate('ed25519');
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption });
  const beside = `${file}.pub`;
  await writeNew(file, pem.toString(), 0o600);
  try {
    await writeNew(beside, publicKey.export({ type: 'spki', format: 'pem' }).toString(), 0o644);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return { privateKey: file, publicKey: beside };
}

import { generateKeyPair } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ioError, MkbaseError } from '../../base/errors.ts';

const generate = promisify(generateKeyPair);

/** Never over a file that is there: it might be the only copy of a key. */
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
 * Makes an Ed25519 pair, the kind whose signatures are the same each time: the private key to `file`
 * as PKCS #8 in PEM, readable by its owner alone and encrypted where there is a passphrase; the public
 * one to `file`.pub. Errors: USAGE where one is there already, IO, NO_SPACE; neither file is then there, or an older one stays.
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

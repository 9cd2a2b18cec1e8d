import { access, open, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { interrupted, ioError } from '../base/errors.ts';
import { stage } from './staging.ts';

type Bytes = string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file that is not there yet and makes it durable, as a staged file has to be before it is
 * renamed: a power cut then leaves the old file or the new one. `mode` is that of the file, less the
 * umask. INTERRUPTED when `signal` aborts.
 */
export async function writeNewFile(
  path: string,
  bytes: Bytes,
  signal?: AbortSignal,
  mode = 0o644,
): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await writeFile(handle, bytes, { signal });
    await handle.sync();
  } catch (error) {
    throw signal?.aborted ? interrupted(signal) : error;
  } finally {
    await handle.close();
  }
}

/** Writes a file whole or not at all, in a folder that is there. Errors: NO_SPACE, IO. */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  await access(dirname(path)).catch((error: unknown) => {
    throw ioError(error, 'writing', path);
  });
  const staged = await stage(path, 'file', (temporary) => writeNewFile(temporary, text));
  try {
    await staged.commit();
  } finally {
    await staged.discard();
  }
}

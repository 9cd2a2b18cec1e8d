import { readFile } from 'node:fs/promises';
import { ioError } from '../../base/errors.ts';
import type { Passphrase } from './signing-key.ts';

/** Places from which a passphrase may come, `file` first. */
export interface PassphrasePlaces {
  /** MKBASE_SIGN_PASSPHRASE. */
  readonly environment: string | undefined;
  /** A file with the passphrase in its first line. */
  readonly file: string | undefined;
  /** Asks the person at the terminal; undefined where there is none. */
  readonly ask: (() => Promise<string>) | undefined;
}

async function firstLine(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw ioError(error, 'reading the passphrase', file);
  });
  return text.split(/\r?\n/, 1)[0]!;
}

/** Returns a function that takes the passphrase from the first place that has one. Errors: IO. */
export function passphraseFrom({ environment, file, ask }: PassphrasePlaces): Passphrase {
  return async () => {
    if (file !== undefined) return firstLine(file);
    return environment ?? ask?.();
  };
}

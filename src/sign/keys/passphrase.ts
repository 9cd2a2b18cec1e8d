import { readFile } from 'node:fs/promises';
import { ioError } from '../../base/errors.ts';
import type { Passphrase } from './signing-key.ts';

/** Where a passphrase may come from. */
export interface PassphrasePlaces {
  /** MKBASE_SIGN_PASSPHRASE. */
  readonly environment: string | undefined;
  /** A file whose first line it is; comes first. */
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

/** The passphrase from the first place that has one. Errors: IO. */
export function passphraseFrom({ environment, file, ask }: PassphrasePlaces): Passphrase {
  return async () => {
    if (file !== undefined) return firstLine(file);
    return environment ?? ask?.();
  };
}

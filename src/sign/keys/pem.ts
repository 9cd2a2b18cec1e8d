import { MkbaseError } from '../../base/errors.ts';
import { readRegular } from '../../base/regular-file.ts';

/** A PEM file (RFC 7468) that holds one thing. */
export interface Pem {
  readonly file: string;
  readonly text: string;
  /** Label of its first line, for instance `PRIVATE KEY`. */
  readonly label: string;
}

/** Larger than any key. */
const mostBytes = 64 * 1024;

/** Hints for labels of keys that cannot be used as they are. */
const advice: Readonly<Record<string, string>> = {
  'ENCRYPTED SIGSTORE PRIVATE KEY':
    "That is cosign's own form, which only cosign reads; make a key for both with `mkbase sign --generate-key FILE` and `cosign import-key-pair`.",
  'ENCRYPTED COSIGN PRIVATE KEY':
    "That is cosign's own form, which only cosign reads; make a key for both with `mkbase sign --generate-key FILE` and `cosign import-key-pair`.",
  'OPENSSH PRIVATE KEY':
    'Turn a copy of it into PKCS #8 with `ssh-keygen -p -m PKCS8 -f COPY`, or make another with `mkbase sign --generate-key FILE`.',
};

const wrong = (file: string, problem: string, hint: string, cause?: unknown): MkbaseError =>
  new MkbaseError({ code: 'USAGE', message: `${file} ${problem}.`, hint, cause });

/** Makes the error for a key of another form or use. It names the label and nothing else of the file. */
export const wrongKey = (
  { file, label }: Pem,
  problem: string,
  hint: string,
  cause?: unknown,
): MkbaseError => wrong(file, problem, advice[label] ?? hint, cause);

const makeOne = 'Make a pair of keys with `mkbase sign --generate-key FILE`.';

/** Reads a PEM file. Errors: IO; USAGE when it is none, or not there. */
export async function readPem(file: string): Promise<Pem> {
  const bytes = await readRegular(file, { most: mostBytes, follow: true });
  if (bytes === undefined) throw wrong(file, 'is not there', makeOne);
  const text = bytes.toString('latin1');
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----\r?$/m.exec(text)?.[1];
  if (label !== undefined) return { file, text, label };
  throw wrong(file, 'is no key in PEM form: it has no line "-----BEGIN …-----"', makeOne);
}

import { MkbaseError } from '../../base/errors.ts';

/** How to sign, as `--sign` and the flags of `mkbase sign` say it. */
export type SignSpec =
  | { readonly by: 'key'; readonly key: string; readonly passphraseFile?: string }
  | { readonly by: 'identity' };

const forms = '--sign key=FILE, key=FILE,passphrase-file=FILE or keyless';

/** Reads the value of `--sign`. Throws USAGE. */
export function parseSign(text: string): SignSpec {
  if (text === 'keyless') return { by: 'identity' };
  const pairs = text.split(',').map((part) => part.split(/=(.*)/s, 2));
  const given = new Map(pairs.map(([name = '', value = '']) => [name, value]));
  const key = given.get('key');
  const passphraseFile = given.get('passphrase-file');
  const known = (key ? 1 : 0) + (passphraseFile ? 1 : 0);
  if (key && known === pairs.length) {
    return { by: 'key', key, ...(passphraseFile !== undefined && { passphraseFile }) };
  }
  throw new MkbaseError({
    code: 'USAGE',
    message: `--sign ${JSON.stringify(text)} says neither with which key to sign nor that it is keyless.`,
    hint: `Say ${forms}.`,
  });
}

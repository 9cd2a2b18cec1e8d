import { MkbaseError } from '../../base/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { askPassphrase } from './ask-passphrase.ts';

async function askTwice(file: string): Promise<string> {
  const first = await askPassphrase(`Passphrase for ${file} (empty for none): `);
  if (first === '' || first === (await askPassphrase('The same again: '))) return first;
  throw new MkbaseError({
    code: 'USAGE',
    message: 'The two passphrases differ.',
    hint: 'Run the same command again.',
  });
}

/** Makes a pair of keys and says what each file is for. Errors: USAGE, IO, NO_SPACE, INTERRUPTED. */
export async function generate(
  file: string,
  passphraseFile: string | undefined,
  { env, stdout }: CommandContext,
): Promise<number> {
  const [{ generateKey }, { passphraseFrom }] = await Promise.all([
    import('../../sign/keys/generate-key.ts'),
    import('../../sign/keys/passphrase.ts'),
  ]);
  const passphrase = await passphraseFrom({
    environment: env.MKBASE_SIGN_PASSPHRASE,
    file: passphraseFile,
    ask: process.stdin.isTTY ? () => askTwice(file) : undefined,
  })();
  const { privateKey, publicKey } = await generateKey(file, passphrase || undefined);
  const kind = passphrase ? 'encrypted' : 'not encrypted';
  stdout.write(
    `${privateKey}  the private key (${kind}); keep it to yourself\n` +
      `${publicKey}  the public key, for whoever checks signatures\n`,
  );
  return 0;
}

import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Signer } from '../../sign/sign-folder.ts';
import { askPassphrase } from './ask-passphrase.ts';

/** A way to sign, as `--sign` and the flags of `mkbase sign` say it. */
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

/** A signer that is ready, and its name for people. */
export interface OpenSigner {
  readonly sign: Signer;
  /** For instance `the Ed25519 key 4x…=`. */
  readonly called: string;
  dispose(): Promise<void>;
}

async function byKey(
  { key: file, passphraseFile }: Extract<SignSpec, { readonly by: 'key' }>,
  env: NodeJS.ProcessEnv,
): Promise<OpenSigner> {
  const [{ loadSigningKey }, { passphraseFrom }, { keySigner }] = await Promise.all([
    import('../../sign/keys/signing-key.ts'),
    import('../../sign/keys/passphrase.ts'),
    import('../../sign/sign-folder.ts'),
  ]);
  const passphrase = passphraseFrom({
    environment: env.MKBASE_SIGN_PASSPHRASE,
    file: passphraseFile,
    ask: process.stdin.isTTY ? () => askPassphrase(`Passphrase of ${file}: `) : undefined,
  });
  const key = await loadSigningKey(file, passphrase);
  const called = `the ${key.algorithm.name} key ${key.hint}`;
  return { sign: keySigner(key), called, dispose: async () => {} };
}

async function byIdentity(env: NodeJS.ProcessEnv, io: Io): Promise<OpenSigner> {
  const [{ keylessSigner }, { cacheFolder }, { openWorkspace }] = await Promise.all([
    import('../../sign/keyless.ts'),
    import('../../store/cache-folder.ts'),
    import('../../store/workspace.ts'),
  ]);
  const { folder, dispose } = await openWorkspace(`${cacheFolder(env)}/tmp`);
  return { sign: keylessSigner(folder, io), called: 'an identity (keyless)', dispose };
}

/**
 * Opens a signer, and with it the key: a wrong passphrase is told before any work is done. Errors: USAGE,
 * IO, INTERRUPTED.
 */
export const openSigner = (spec: SignSpec, env: NodeJS.ProcessEnv, io: Io): Promise<OpenSigner> =>
  spec.by === 'key' ? byKey(spec, env) : byIdentity(env, io);

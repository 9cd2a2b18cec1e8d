import type { Io } from '../../base/events.ts';
import type { Signer } from '../../sign/sign-folder.ts';
import type { Environment } from '../../ui/color.ts';
import { askPassphrase } from './ask-passphrase.ts';
import type { SignSpec } from './spec.ts';

/** Something that signs, and what is to be said of it. */
export interface OpenSigner {
  readonly sign: Signer;
  /** For instance `the Ed25519 key 4x…=`. */
  readonly called: string;
  dispose(): Promise<void>;
}

async function byKey(
  { key: file, passphraseFile }: Extract<SignSpec, { readonly by: 'key' }>,
  env: Environment,
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

async function byIdentity(env: Environment, io: Io): Promise<OpenSigner> {
  const [{ keylessSigner }, { cacheFolder }, { openWorkspace }] = await Promise.all([
    import('../../sign/keyless.ts'),
    import('../../store/cache-folder.ts'),
    import('../../store/workspace.ts'),
  ]);
  const { folder, dispose } = await openWorkspace(`${cacheFolder(env)}/tmp`);
  return { sign: keylessSigner(folder, io), called: 'an identity (keyless)', dispose };
}

/**
 * Opens what signs, and with it the key: a wrong passphrase is told before any work is done. Errors:
 * USAGE, IO, INTERRUPTED.
 */
export const openSigner = (spec: SignSpec, env: Environment, io: Io): Promise<OpenSigner> =>
  spec.by === 'key' ? byKey(spec, env) : byIdentity(env, io);

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A pair of keys in files, made by OpenSSL. */
export interface KeyFiles {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** What `openssl genpkey` is told for each kind that can sign. */
export const kinds: Readonly<Record<string, readonly string[]>> = {
  Ed25519: ['-algorithm', 'ed25519'],
  'ECDSA P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  RSA: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
};

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });

/** Makes a pair in `folder`; the private key is encrypted where there is a passphrase. */
export function makeKeys(
  folder: string,
  genpkey: readonly string[],
  passphrase?: string,
): KeyFiles {
  const privateKey = join(folder, 'key.pem');
  const publicKey = `${privateKey}.pub`;
  const encryption =
    passphrase === undefined ? [] : ['-aes-256-cbc', '-pass', `pass:${passphrase}`];
  openssl('genpkey', ...genpkey, ...encryption, '-out', privateKey);
  const passin = passphrase === undefined ? [] : ['-passin', `pass:${passphrase}`];
  openssl('pkey', '-in', privateKey, ...passin, '-pubout', '-out', publicKey);
  return { privateKey, publicKey };
}

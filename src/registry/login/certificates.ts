import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { MkbaseError } from '../../base/errors.ts';
import { readRegular } from '../../base/regular-file.ts';
import type { Certificates, Environment } from '../../store/transfer/agent.ts';

/** The folder in which docker has a folder of certificates for each registry. */
const certificatesFolder = '/etc/docker/certs.d';

const mostBytes = 4 * 1024 ** 2;

async function pem(file: string): Promise<string> {
  const bytes = await readRegular(file, { most: mostBytes, follow: true });
  if (bytes !== undefined) return bytes.toString('utf8');
  throw new MkbaseError({
    code: 'REGISTRY_FAILED',
    message: `${file}: there is no such file of certificates.`,
    hint: 'Correct SSL_CERT_FILE, or put the file there.',
  });
}

/** Returns the client's certificate and key: `NAME.cert` and `NAME.key`, of which docker takes each pair. */
async function clientPair(folder: string, names: readonly string[]): Promise<Certificates> {
  const cert = names.find((name) => name.endsWith('.cert'));
  if (cert === undefined) return {};
  const key = cert.replace(/\.cert$/, '.key');
  if (!names.includes(key)) {
    throw new MkbaseError({
      code: 'REGISTRY_FAILED',
      message: `${join(folder, cert)}: the key of this client certificate is not there.`,
      hint: `Put it beside it as ${key}.`,
    });
  }
  return { cert: await pem(join(folder, cert)), key: await pem(join(folder, key)) };
}

/**
 * Reads the certificates that docker uses with a registry (`HOST/*.crt`, `*.cert` and `*.key` below
 * /etc/docker/certs.d) and the authorities in SSL_CERT_FILE. Errors: REGISTRY_FAILED, IO.
 */
export async function certificatesFor(
  host: string,
  env: Environment,
  parent: string = certificatesFolder,
): Promise<Certificates> {
  const folder = join(parent, host);
  const names = (await readdir(folder).catch(() => [])).sort();
  const authorities = names
    .filter((name) => name.endsWith('.crt'))
    .map((name) => join(folder, name));
  const { SSL_CERT_FILE: file } = env;
  const texts = await Promise.all([...authorities, ...(file ? [file] : [])].map(pem));
  const pair = await clientPair(folder, names);
  return { ...pair, ...(texts.length > 0 && { ca: [...rootCertificates, ...texts] }) };
}

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { certificatesFor } from '../../../src/registry/login/certificates.ts';
import { openAgent } from '../../../src/store/transfer/agent.ts';
import { httpRequest } from '../../../src/store/transfer/http-request.ts';
import { temporaryFolder } from '../../support/folder.ts';

const host = 'registry.example:5000';
const made = temporaryFolder();
const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(made, name)) as [string, string];

beforeAll(() => {
  const extension = 'subjectAltName=IP:127.0.0.1';
  const usage = 'extendedKeyUsage=serverAuth,clientAuth';
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3', '-subj', '/CN=test'],
      ...['-addext', extension, '-addext', usage, '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
});

/** A folder of certificates as docker has it, with these files of the registry. */
function certificates(files: Readonly<Record<string, string>>): string {
  const parent = temporaryFolder();
  mkdirSync(join(parent, host));
  for (const [name, file] of Object.entries(files)) copyFileSync(file, join(parent, host, name));
  return parent;
}

/** Asks an https server that wants a client certificate; resolves to whether it got one. */
async function ask(parent: string, env: Record<string, string> = {}): Promise<string> {
  const options = { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(cert) };
  const server = createServer(
    { ...options, requestCert: true, rejectUnauthorized: false },
    (request, response) => response.end(String((request.socket as TLSSocket).authorized)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const agent = openAgent(env, await certificatesFor(host, env, parent));
  const chunks: Uint8Array[] = [];
  await httpRequest(
    url,
    { headers: {}, agent: () => agent, signal: new AbortController().signal },
    { onAnswer() {}, onChunk: (chunk) => chunks.push(chunk) },
  );
  return Buffer.concat(chunks).toString();
}

test('an authority of certs.d is believed', async () => {
  expect(await ask(certificates({ 'ca.crt': cert }))).toBe('false');
});

test('an authority in SSL_CERT_FILE is believed', async () => {
  expect(await ask(certificates({}), { SSL_CERT_FILE: cert })).toBe('false');
});

test('without one, the certificate is refused', async () => {
  await expect(ask(certificates({}))).rejects.toMatchObject({
    code: expect.stringMatching(/SELF_SIGNED/),
  });
});

test('a client certificate of certs.d is shown', async () => {
  const parent = certificates({ 'ca.crt': cert, 'client.cert': cert, 'client.key': key });
  expect(await ask(parent)).toBe('true');
});

test('a client certificate without its key is named', async () => {
  const parent = certificates({ 'client.cert': cert });
  await expect(certificatesFor(host, {}, parent)).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining('client.cert: the key of this client certificate'),
  });
});

test('a file of authorities that is not there is named', async () => {
  const file = join(temporaryFolder(), 'none.pem');
  rmSync(file, { force: true });
  await expect(certificatesFor(host, { SSL_CERT_FILE: file })).rejects.toMatchObject({
    code: 'REGISTRY_FAILED',
    message: expect.stringContaining(file),
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../../support/folder.ts';
import { missing, works } from './engines.ts';

/** Undefined where Debian's package docker-registry (Docker's registry 2.8) is installed. */
export const noRegistry: string | undefined = missing(
  'docker-registry is not installed',
  works('docker-registry', '--version'),
);

/** A running registry. */
export interface DebianRegistry {
  /** `HOST:PORT` */
  readonly domain: string;
  /** File with the certificate by which it is believed, with `tls`. */
  readonly certificate: string;
  /** Its log of requests so far, each as `GET /v2/…`. */
  asked(): string[];
  stop(): Promise<void>;
}

export interface RegistrySettings {
  /** https, under a certificate that nobody knows. */
  readonly tls?: boolean;
  /** `user:password`; anybody when left out. */
  readonly login?: string;
  /** Asks for a client certificate; the registry's own counts as one. */
  readonly clients?: boolean;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

function makeCertificate(folder: string): void {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const usage = 'extendedKeyUsage=serverAuth,clientAuth';
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3', '-subj', '/CN=localhost'],
      ...['-addext', names, '-addext', usage, '-keyout', 'key.pem', '-out', 'cert.pem'],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
}

/** The registry takes bcrypt only. */
function passwordFile(folder: string, login: string): string {
  const [user, password = ''] = login.split(':');
  const script = 'print crypt($ARGV[0], q($2b$05$abcdefghijklmnopqrstuu))';
  const hash = execFileSync('perl', ['-e', script, password], { encoding: 'utf8' });
  const file = join(folder, 'htpasswd');
  writeFileSync(file, `${user}:${hash.replace('$2b$', '$2y$')}\n`);
  return file;
}

/** Starts Debian's registry on a free port of this machine, with a folder of its own. */
export async function startDebianRegistry({
  tls = false,
  login,
  clients = false,
}: RegistrySettings = {}): Promise<DebianRegistry> {
  const folder = temporaryFolder({ lasting: true });
  const port = await freePort();
  if (tls) makeCertificate(folder);
  const [certificate, key] = ['cert.pem', 'key.pem'].map((name) => join(folder, name));
  const config = {
    version: '0.1',
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    ...(login && { auth: { htpasswd: { realm: 'r', path: passwordFile(folder, login) } } }),
    http: {
      addr: `127.0.0.1:${port}`,
      ...(tls && { tls: { certificate, key, ...(clients && { clientcas: [certificate] }) } }),
    },
  };
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const domain = `${tls ? 'localhost' : '127.0.0.1'}:${port}`;
  const scheme = tls ? 'https' : 'http';
  const trust = tls ? ['--cacert', certificate ?? ''] : [];
  const pair = clients ? ['--cert', certificate ?? '', '--key', key ?? ''] : [];
  const answers = () => works('curl', '-s', ...trust, ...pair, `${scheme}://${domain}/v2/`);
  for (let tries = 0; !answers(); tries++) {
    if (tries === 100) throw new Error(`the registry does not start: ${log}`);
    await pause(100);
  }
  return {
    domain,
    certificate: certificate ?? '',
    asked: () => [...log.matchAll(/"([A-Z]+ \/v2\/\S*)/g)].map(([, line = '']) => line),
    async stop() {
      child.kill();
      await ended;
    },
  };
}

import { readAptSources } from '../../../src/packages/deb/archive/apt-sources.ts';
import { debianMirrors } from '../../../src/packages/deb/archive/mirrors.ts';
import { type Handler, serve } from '../../support/http-server.ts';

/** What a dishonest mirror does to one file; undefined serves it as it is. */
export type Tamper = (path: string, bytes: Buffer) => Buffer | undefined;

/** A real mirror behind a loopback address, with something wrong. */
export interface TamperedMirror {
  /** For MKBASE_DEBIAN_MIRROR and MKBASE_DEBIAN_SECURITY_MIRROR. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Passes on what this machine's mirror serves, tampered with. `cut` answers every request for a
 * package with half of what it promised.
 */
export async function tamperedMirror(
  tamper: Tamper,
  { cut = false }: { readonly cut?: boolean } = {},
): Promise<TamperedMirror> {
  const mirrors = debianMirrors({ env: process.env, aptSources: await readAptSources() });
  const passOn: Handler = (request, response) => {
    const [, root = '', path = ''] = /^\/(main|security)\/(.*)$/.exec(request.url ?? '') ?? [];
    const from = root === 'security' ? mirrors.security : mirrors.main;
    fetch(`${from}/${path}`)
      .then(async (answer) => {
        const bytes = Buffer.from(await answer.arrayBuffer());
        const body = (answer.ok && tamper(path, bytes)) || bytes;
        response.writeHead(answer.status, { 'content-length': body.length });
        if (!cut || !path.startsWith('pool/')) return response.end(body);
        response.write(body.subarray(0, body.length / 2), () => response.destroy());
      })
      .catch(() => response.destroy());
  };
  const server = await serve(passOn);
  return {
    env: {
      MKBASE_DEBIAN_MIRROR: `${server.url}/main`,
      MKBASE_DEBIAN_SECURITY_MIRROR: `${server.url}/security`,
    },
    close: server.close,
  };
}

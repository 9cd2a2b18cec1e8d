import { readAptSources } from '../../../src/packages/deb/archive/apt-sources.ts';
import { debianMirrors } from '../../../src/packages/deb/archive/mirrors.ts';
import { type Handler, serve } from '../../support/http-server.ts';
import type { TamperedMirror } from './mirror.ts';

/**
 * This machine's mirror behind a loopback address, which sends one half of every file that `holds`
 * names and then nothing more.
 */
export async function holdingMirror(holds: RegExp): Promise<TamperedMirror> {
  const mirrors = debianMirrors({ env: process.env, aptSources: await readAptSources() });
  const passOn: Handler = (request, response) => {
    const [, root = '', path = ''] = /^\/(main|security)\/(.*)$/.exec(request.url ?? '') ?? [];
    const from = root === 'security' ? mirrors.security : mirrors.main;
    fetch(`${from}/${path}`)
      .then(async (answer) => {
        const body = Buffer.from(await answer.arrayBuffer());
        response.writeHead(answer.status, { 'content-length': body.length });
        if (holds.test(path)) response.write(body.subarray(0, body.length / 2));
        else response.end(body);
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

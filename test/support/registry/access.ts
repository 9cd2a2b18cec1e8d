import type { ServerResponse } from 'node:http';

/** The people who may ask a registry, and the way in which it wants to be told. */
export type Access =
  | { readonly kind: 'open' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  /** Tokens from its own `/token`; each names the scopes that it was asked for. */
  | {
      readonly kind: 'token';
      readonly user: string;
      readonly password: string;
      readonly refresh?: string;
      /** Another place for the token server. */
      readonly realm?: string;
    };

const basicOf = ({ user, password }: { readonly user: string; readonly password: string }) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Scopes that a request needs. */
function neededBy({ method = '', url = '' }: ServerResponse['req']): string[] {
  const { pathname, searchParams } = new URL(url, 'http://any');
  const name = /^\/v2\/(.+)\/(?:blobs|manifests|referrers)\//.exec(pathname)?.[1];
  if (name === undefined) return [];
  const from = searchParams.get('from');
  const action = method === 'GET' || method === 'HEAD' ? 'pull' : 'push';
  return [`${name} ${action}`, ...(from === null ? [] : [`${from} pull`])];
}

/** Scopes that a token grants. */
const grantedBy = (token: string): string[] =>
  Buffer.from(token, 'base64url')
    .toString()
    .split('|')
    .flatMap((scope) => {
      const [, name = '', actions = ''] = scope.split(':');
      return actions.split(',').map((action) => `${name} ${action}`);
    });

/** Tells whether a request may go on; else it is answered with 401. */
export function isAllowed(
  access: Access,
  response: ServerResponse,
  realm: string,
  loops: boolean,
): boolean {
  const { authorization = '' } = response.req.headers;
  const challenge = (text: string) => {
    response.writeHead(401, { 'www-authenticate': text, 'content-length': '0' }).end();
    return false;
  };
  if (access.kind === 'open') return loops ? challenge('Basic realm="loop"') : true;
  if (access.kind === 'basic') {
    return authorization === basicOf(access) && !loops ? true : challenge('Basic realm="test"');
  }
  const granted = grantedBy(authorization.replace(/^Bearer /, ''));
  const isGranted = neededBy(response.req).every((each) => granted.includes(each));
  if (authorization.startsWith('Bearer ') && isGranted && !loops) return true;
  return challenge(`Bearer realm="${access.realm ?? realm}",service="test"`);
}

const tokenFor = (scopes: readonly string[]) => Buffer.from(scopes.join('|')).toString('base64url');

/** Answers a request for a token. */
export async function answerToken(access: Access, url: URL, response: ServerResponse) {
  const refused = () => void response.writeHead(401, { 'content-length': '0' }).end('');
  if (access.kind !== 'token') return refused();
  const { req } = response;
  if (req.method === 'POST') {
    let form = '';
    for await (const chunk of req) form += String(chunk);
    const asked = new URLSearchParams(form);
    if (access.refresh === undefined || asked.get('refresh_token') !== access.refresh)
      return refused();
    const token = tokenFor((asked.get('scope') ?? '').split(' '));
    return void response.end(JSON.stringify({ access_token: token }));
  }
  if (req.headers.authorization !== basicOf(access)) return refused();
  return void response.end(JSON.stringify({ token: tokenFor(url.searchParams.getAll('scope')) }));
}

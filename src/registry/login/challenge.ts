/** The way in which a registry wants to be told who asks (RFC 9110, 11.6.1). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      /** URL of the server that hands out tokens. */
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** A longer header than any registry sends is not read. */
const longest = 4096;

const parameter = /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;
const schemeAt = /\s*,?\s*([A-Za-z][A-Za-z0-9-]*)(?:\s+|(?=,)|$)/y;

/** Reads the parameters of one challenge from `at` on. */
function parametersAt(header: string, start: number) {
  const found = new Map<string, string>();
  let at = start;
  for (;;) {
    parameter.lastIndex = at;
    const match = parameter.exec(header);
    if (match === null) return { found, at };
    const [whole, name = '', quoted, plain = ''] = match;
    if (!found.has(name.toLowerCase())) {
      found.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
    }
    at += whole.length;
    const comma = /\s*,\s*(?=[A-Za-z0-9_-]+\s*=)/y;
    comma.lastIndex = at;
    at += comma.exec(header)?.[0].length ?? 0;
  }
}

function challengeOf(scheme: string, found: ReadonlyMap<string, string>): Challenge | undefined {
  if (scheme === 'basic') return { scheme };
  const realm = found.get('realm');
  if (scheme !== 'bearer' || realm === undefined) return undefined;
  return { scheme, realm, service: found.get('service'), scope: found.get('scope') };
}

/**
 * Parses a WWW-Authenticate header and returns the challenge that can be answered best: a token before a
 * password. Undefined where there is none that mkbase knows.
 */
export function parseChallenge(header: string): Challenge | undefined {
  if (header.length > longest) return undefined;
  const challenges: Challenge[] = [];
  for (let at = 0; at < header.length; ) {
    schemeAt.lastIndex = at;
    const match = schemeAt.exec(header);
    if (match === null) break;
    const read = parametersAt(header, at + match[0].length);
    const challenge = challengeOf((match[1] ?? '').toLowerCase(), read.found);
    if (challenge !== undefined) challenges.push(challenge);
    at = read.at;
  }
  return challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges[0];
}

import { MkbaseError } from '../base/errors.ts';
import {
  digestPattern,
  domainPattern,
  longestName,
  pathPattern,
  splitDomain,
  tagPattern,
} from '../oci/reference-grammar.ts';

/** A repository of a registry. */
export interface Repository {
  /** The registry's name with its port, as people write it: `docker.io`, `127.0.0.1:5000`. */
  readonly domain: string;
  /** Docker Hub's own images are in `library/`. */
  readonly path: string;
}

/** A manifest of a repository, by its tag, its digest, or both: then the digest decides. */
export interface RemoteReference extends Repository {
  readonly tag?: string;
  /** `sha256:<hex>` */
  readonly digest?: string;
}

/** The registry that a name without one means. */
const dockerHub = 'docker.io';

/** Other names of Docker Hub, under which credentials and images are filed, too. */
const hubNames = [dockerHub, 'index.docker.io', 'registry-1.docker.io'];

function refuse(text: string, why: string): never {
  throw new MkbaseError({
    code: 'USAGE',
    message: `${JSON.stringify(text)} is not a reference to an image in a registry: ${why}.`,
    hint: 'Write registry[:port]/name, then :tag or @sha256:…, for instance registry.example/team/app:1.0.',
  });
}

/** Splits a name that has a registry at its beginning, or means Docker Hub. */
function repositoryOf(name: string): Repository {
  const [domain = dockerHub, path] = splitDomain(name);
  if (!hubNames.includes(domain)) return { domain, path };
  return { domain: dockerHub, path: path.includes('/') ? path : `library/${path}` };
}

/**
 * Parses a reference as docker does: without a registry it is Docker Hub's, without a tag and a digest it is
 * `latest`. USAGE for anything else.
 */
export function parseRemote(text: string): RemoteReference {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const { domain, path } = repositoryOf(colon === -1 ? named : named.slice(0, colon));
  if (!domainPattern.test(domain)) {
    refuse(text, `${JSON.stringify(domain)} is not a registry's name`);
  }
  if (!pathPattern.test(path)) refuse(text, `${JSON.stringify(path)} is not a name`);
  if (tag !== undefined && !tagPattern.test(tag)) {
    refuse(text, `${JSON.stringify(tag)} is not a tag`);
  }
  if (digest !== undefined && !digestPattern.test(digest)) {
    refuse(text, `${JSON.stringify(digest)} is not a sha256 digest`);
  }
  if (domain.length + path.length >= longestName) {
    refuse(text, `its name is longer than ${longestName} characters`);
  }
  if (digest !== undefined) return { domain, path, ...(tag !== undefined && { tag }), digest };
  return { domain, path, tag: tag ?? 'latest' };
}

/** Tells whether a word can only mean an image in a registry: it begins with a registry's name. */
export function namesRegistry(word: string): boolean {
  const [domain, path] = splitDomain(word);
  return (
    domain !== undefined && domainPattern.test(domain) && /^[a-z0-9]+(?:[/:@._-]|$)/.test(path)
  );
}

/** Writes a repository as people do. */
export const repositoryName = ({ domain, path }: Repository): string => `${domain}/${path}`;

/** Writes a reference as people do. */
export const remoteName = ({ tag, digest, ...repository }: RemoteReference): string =>
  [
    repositoryName(repository),
    tag === undefined ? '' : `:${tag}`,
    digest === undefined ? '' : `@${digest}`,
  ].join('');

/** Returns the host that a registry is asked at. */
export const hostOf = (domain: string): string =>
  domain === dockerHub ? 'registry-1.docker.io' : domain;

/** Returns the keys under which docker's config.json may have a registry's credentials. */
export function credentialKeys(domain: string): readonly string[] {
  const names = domain === dockerHub ? ['https://index.docker.io/v1/', ...hubNames] : [domain];
  const forms = names.flatMap((name) =>
    name.includes('://') ? [name] : [name, `https://${name}`, `http://${name}`],
  );
  return [...new Set(forms.flatMap((form) => [form, `${form}/`, `${form}/v1/`, `${form}/v2/`]))];
}

/** Returns the name that a credential helper knows a registry by. */
export const helperKey = (domain: string): string =>
  domain === dockerHub ? 'https://index.docker.io/v1/' : domain;

/** Tells whether a registry is on this machine, where plain http goes over no network. */
export function isLoopback(domain: string): boolean {
  const { hostname } = new URL(`http://${domain}`);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

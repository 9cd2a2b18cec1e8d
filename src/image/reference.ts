import { MkbaseError } from '../base/errors.ts';
import {
  domainPattern,
  longestName,
  pathPattern,
  splitDomain,
  tagPattern,
} from '../oci/reference-grammar.ts';

/** A name that an image can be tagged with. */
export interface Reference {
  /** Registry, with its port; undefined when the name does not say. */
  readonly domain: string | undefined;
  readonly path: string;
  readonly tag: string;
}

const identifier = /^[a-f0-9]{64}$/;

function refuse(text: string, why: string): never {
  throw new MkbaseError({
    code: 'USAGE',
    message: `${JSON.stringify(text)} is not an image reference to tag with: ${why}.`,
    hint: 'Write [registry[:port]/]name[:tag] with a lower-case name, for instance mkbase/hello:1.0.',
  });
}

/** Parses a reference; the tag is `latest` when left out. USAGE for anything else. */
export function parseReference(text: string): Reference {
  if (text.includes('@')) refuse(text, 'a digest is computed, not chosen');
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1);
  const name = colon === -1 ? text : text.slice(0, colon);
  const tag = colon === -1 ? 'latest' : text.slice(colon + 1);
  const [domain, path] = splitDomain(name);
  if (domain !== undefined && !domainPattern.test(domain)) {
    refuse(text, `${JSON.stringify(domain)} is not a registry's name`);
  }
  if (!pathPattern.test(path)) refuse(text, `${JSON.stringify(path)} is not a name`);
  if (!tagPattern.test(tag)) refuse(text, `${JSON.stringify(tag)} is not a tag`);
  if (name.length > longestName) refuse(text, `its name is longer than ${longestName} characters`);
  if (identifier.test(name)) refuse(text, 'engines would take it for an image id');
  return { domain, path, tag };
}

/** Writes a reference as people do: `name:tag`, with the registry only where one was given. */
export const shortForm = ({ domain, path, tag }: Reference): string =>
  `${domain === undefined ? '' : `${domain}/`}${path}:${tag}`;

/** Writes a reference as containerd needs it: with Docker Hub's names where no registry was given. */
export function fullForm({ domain, path, tag }: Reference): string {
  if (domain !== undefined && domain !== 'docker.io') return `${domain}/${path}:${tag}`;
  return `docker.io/${path.includes('/') ? path : `library/${path}`}:${tag}`;
}

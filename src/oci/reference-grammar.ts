// The grammar of github.com/distribution/reference, in which images are named.
const domainComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';

/** A registry's name or address, with its port. */
export const domainPattern = new RegExp(
  `^(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`,
);

const pathComponent = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';

/** The name of a repository within its registry. */
export const pathPattern = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);

export const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** The only form of digest that mkbase makes or believes. */
export const digestPattern = /^sha256:[a-f0-9]{64}$/;

/** Most characters of a name, the registry included. */
export const longestName = 255;

/** Splits off the part before the first slash when it can only be a registry. */
export function splitDomain(name: string): [domain: string | undefined, path: string] {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  const isDomain = slash !== -1 && (/[.:A-Z]/.test(first) || first === 'localhost');
  return isDomain ? [first, name.slice(slash + 1)] : [undefined, name];
}

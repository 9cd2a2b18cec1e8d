import type { PackageRecord, Vendor } from './contract.ts';
import type { Distro } from './distro.ts';

/** The type of an image's package URL (purl-spec). */
export const imagePurlType = 'oci';

/** The parts of a package URL; empty and undefined qualifiers are left out. */
export interface PurlParts {
  /** Name of a family of packages, `generic`, or another type that purl-spec knows. */
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
  /** A path in the package. */
  readonly subpath?: string;
}

const encoded = (text: string): string => encodeURIComponent(text);

/** Leaves the two characters as they are that versions are full of. */
const encodedVersion = (text: string): string =>
  encoded(text).replaceAll('%3A', ':').replaceAll('%2B', '+');

const encodedPath = (text: string): string => encoded(text).replaceAll('%2F', '/');

/** Sorts and encodes as forms do (URL Standard, 5.2), with `%20` for a space. */
function encodedQualifiers(qualifiers: NonNullable<PurlParts['qualifiers']>): string {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(qualifiers)) if (value) form.set(key, value);
  form.sort();
  return form.toString().replaceAll('+', '%20');
}

/**
 * Returns a package URL (ECMA-427; https://github.com/package-url/purl-spec) in the canonical form of
 * packageurl-js, the specification's own implementation in this language: other tools compare text.
 */
export function purl({ type, namespace, name, version, qualifiers, subpath }: PurlParts): string {
  const query = encodedQualifiers(qualifiers ?? {});
  return [
    `pkg:${type}/`,
    namespace === undefined ? '' : `${encoded(namespace)}/`,
    encoded(name),
    version === undefined ? '' : `@${encodedVersion(version)}`,
    query === '' ? '' : `?${query}`,
    subpath === undefined ? '' : `#${encodedPath(subpath)}`,
  ].join('');
}

/** Returns `upstream=` as syft writes and grype reads it: advisories are about source packages. */
function upstream({ name, version, source }: PackageRecord): string | undefined {
  if (source.version !== version) return `${source.name}@${source.version}`;
  return source.name === name ? undefined : source.name;
}

/**
 * Returns the package URL of a package (purl-spec); its type is the family's name. Packages of
 * distributions are named in lower case there. One of a third party bears its name and archive in place of the
 * distribution's: advisories of the distribution say nothing of it.
 */
export function packagePurl(record: PackageRecord, distro: Distro, vendor?: Vendor): string {
  const { kind, name, version, architecture } = record;
  const from = vendor ? { repository_url: vendor.repository } : { distro: distro.release };
  return purl({
    type: kind,
    namespace: (vendor?.name ?? distro.id).toLowerCase(),
    name: name.toLowerCase(),
    version,
    qualifiers: { arch: architecture, ...from, upstream: upstream(record) },
  });
}

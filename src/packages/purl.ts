import type { PackageRecord } from './contract.ts';
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
}

/**
 * Encodes as ECMA-427 asks ("Character encoding"): also the characters that encodeURIComponent leaves as
 * they are.
 */
const encoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');

/** Returns a package URL in its canonical form (ECMA-427; https://github.com/package-url/purl-spec). */
export function purl({ type, namespace, name, version, qualifiers = {} }: PurlParts): string {
  const pairs = Object.entries(qualifiers)
    .filter(([, value]) => value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value = '']) => `${key}=${encoded(value)}`);
  return [
    `pkg:${type}/`,
    namespace === undefined ? '' : `${encoded(namespace)}/`,
    encoded(name),
    version === undefined ? '' : `@${encoded(version)}`,
    pairs.length === 0 ? '' : `?${pairs.join('&')}`,
  ].join('');
}

/** Returns `upstream=` as syft writes and grype reads it: advisories are about source packages. */
function upstream({ name, version, source }: PackageRecord): string | undefined {
  if (source.version !== version) return `${source.name}@${source.version}`;
  return source.name === name ? undefined : source.name;
}

/** Returns the package URL of a package (purl-spec); its type is the family's name. */
export function packagePurl(record: PackageRecord, distro: Distro): string {
  const { kind, name, version, architecture } = record;
  return purl({
    type: kind,
    namespace: distro.id,
    name,
    version,
    qualifiers: { arch: architecture, distro: distro.release, upstream: upstream(record) },
  });
}

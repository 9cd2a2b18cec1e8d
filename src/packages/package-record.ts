import type { Distro } from './distro.ts';
import { purl } from './purl.ts';

/** A package as its distribution's database, or the lock and its own control file, state it. */
export interface PackageRecord {
  readonly kind: 'deb' | 'apk';
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly source: { readonly name: string; readonly version: string };
  readonly maintainer?: string | undefined;
  readonly homepage?: string | undefined;
  /** Of an .apk: its `L:` field. */
  readonly licence?: string | undefined;
}

/** `Source: gcc-14 (14.2.0-19)`: name and version are left out where they are the package's own. */
export function sourceOf(field: string | undefined, name: string, version: string) {
  const [, source = name, sourceVersion = version] =
    /^(\S+)(?:\s+\(([^)]+)\))?$/.exec(field ?? '') ?? [];
  return { name: source, version: sourceVersion };
}

/** `upstream=` as syft writes and grype reads it: advisories are about source packages. */
function upstream({ name, version, source }: PackageRecord): string | undefined {
  if (source.version !== version) return `${source.name}@${source.version}`;
  return source.name === name ? undefined : source.name;
}

/** Package URL of a package (purl-spec, deb and apk types). */
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

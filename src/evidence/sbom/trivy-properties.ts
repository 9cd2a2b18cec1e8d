import type { Component } from '../../kinds/component.ts';

/** A name and a value (CycloneDX 1.6, `property`). */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** `1:1.3.dfsg-2`: epoch, upstream's version and Debian's revision (deb-version(7)). */
function debianVersion(version: string) {
  const [, epoch, rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, upstream: rest, revision: undefined }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/**
 * Trivy holds source packages against advisories and reads them nowhere but in properties of its own
 * (trivy's pkg/sbom/cyclonedx); without them it finds a package and none of its vulnerabilities.
 */
export function trivyProperties({ kind, source }: Component): Property[] {
  if (source === undefined) return [];
  const { epoch, upstream, revision } =
    kind === 'deb'
      ? debianVersion(source.version)
      : { epoch: undefined, upstream: source.version, revision: undefined };
  const values = {
    SrcName: source.name,
    SrcVersion: upstream,
    SrcRelease: revision,
    SrcEpoch: epoch,
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: `aquasecurity:trivy:${name}`, value }],
  );
}

import { type ByteString, toLosslessText } from '../../base/byte-string.ts';
import type { Component, ComponentKind } from '../../kinds/component.ts';
import { families } from '../../packages/registry.ts';
import type { InventoryFile } from '../inventory/file.ts';
import { componentName } from './document.ts';

const shown = (path: ByteString): string => `/${toLosslessText(path)}`;

/** Types that scanners know: trivy refuses a document with a newer one. */
const types: Readonly<Record<ComponentKind, 'library' | 'application' | 'file'>> = {
  deb: 'library',
  apk: 'library',
  archive: 'application',
  'rootfs-archive': 'file',
  sources: 'application',
  files: 'file',
  accounts: 'file',
  run: 'file',
  from: 'file',
};

/** Returns the places of a component: its paths, and the program and objects where it was linked. */
function occurrences({ linked }: Component, files: readonly InventoryFile[]) {
  return [
    ...files.map(({ path, attribution }) => ({
      location: shown(path),
      additionalContext: attribution?.by === 'rule' ? attribution.reason : undefined,
    })),
    ...linked.map(({ program, objects }) => ({
      location: shown(program),
      additionalContext: `linked: ${objects.join(' ')}`,
    })),
  ];
}

/** A name and a value (CycloneDX 1.6, `property`). */
interface Property {
  readonly name: string;
  readonly value: string;
}

/**
 * Returns the properties in which trivy looks for source packages (trivy's pkg/sbom/cyclonedx): it compares
 * those with advisories, and without them finds a package but none of its vulnerabilities.
 */
function trivyProperties({ kind, source }: Component): Property[] {
  if (source === undefined) return [];
  const family = families.find(({ name }) => name === kind);
  const { epoch, upstream, revision } = family?.versionParts?.(source.version) ?? {
    upstream: source.version,
  };
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

function properties(component: Component): Property[] {
  const { kind, source, supplier, licence, inputs } = component;
  return [
    { name: 'mkbase:kind', value: kind },
    { name: 'mkbase:licence', value: licence.basis },
    ...(supplier === undefined ? [] : [{ name: 'mkbase:supplier', value: supplier }]),
    ...(source ? [{ name: 'mkbase:source', value: `${source.name} ${source.version}` }] : []),
    ...inputs.map(({ path, sha256 }) => ({
      name: 'mkbase:input',
      value: `${path} sha256:${sha256}`,
    })),
    ...trivyProperties(component),
  ];
}

/** Returns the URLs of a component: its website, and the locked one of its bytes. */
function references({ homepage, url, sha256, repository }: Component) {
  const website = homepage && /^https?:\/\/\S+$/.test(homepage);
  const hashes = sha256 === undefined ? undefined : [{ alg: 'SHA-256', content: sha256 }];
  const found = [
    ...(website ? [{ type: 'website', url: homepage }] : []),
    ...(repository === undefined ? [] : [{ type: 'vcs', url: repository }]),
    ...(url === undefined ? [] : [{ type: 'distribution', url, hashes }]),
  ];
  return found.length > 0 ? found : undefined;
}

/** Writes a component of the inventory; `files` are its paths in the image. */
export function cyclonedxComponent(component: Component, files: readonly InventoryFile[]) {
  const { id, kind, version, maintainer, supplier, licence, cpe, purl, sha256 } = component;
  const found = occurrences(component, files);
  return {
    type: types[kind],
    'bom-ref': id,
    name: componentName(component),
    version,
    supplier: supplier === undefined ? undefined : { name: supplier.replace(/^\w+: /, '') },
    publisher: maintainer,
    licenses:
      licence.expression === 'NOASSERTION'
        ? undefined
        : [{ expression: licence.expression, acknowledgement: 'declared' }],
    cpe,
    purl,
    hashes: sha256 === undefined ? undefined : [{ alg: 'SHA-256', content: sha256 }],
    externalReferences: references(component),
    evidence: found.length > 0 ? { occurrences: found } : undefined,
    properties: properties(component),
  };
}

/** Writes a path as a component of its own: a program, or a path that nothing owns. */
export function cyclonedxFile(file: InventoryFile, reasons: readonly string[]) {
  const { path, type, target, digests } = file;
  return {
    type: 'file',
    'bom-ref': `file:${shown(path)}`,
    name: shown(path),
    hashes: digests && [
      { alg: 'SHA-1', content: digests.sha1 },
      { alg: 'SHA-256', content: digests.sha256 },
    ],
    properties: [
      { name: 'mkbase:type', value: type },
      ...(target === undefined ? [] : [{ name: 'mkbase:target', value: toLosslessText(target) }]),
      ...reasons.map((value) => ({ name: 'mkbase:unattributed', value })),
    ],
  };
}

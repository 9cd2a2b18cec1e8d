import { type ByteString, fromByteString } from '../../base/byte-string.ts';
import type { Component, ComponentKind } from '../../kinds/component.ts';
import type { InventoryFile } from '../inventory/file.ts';
import { componentName } from './component-name.ts';
import { type Property, trivyProperties } from './trivy-properties.ts';

const shown = (path: ByteString): string => `/${fromByteString(path)}`;

/** Types that scanners know: trivy refuses a document that has any of the newer ones. */
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

/** Where a component is found: its paths, and for what was linked the program and the objects. */
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

function properties(component: Component): Property[] {
  const { kind, source, licence, inputs } = component;
  return [
    { name: 'mkbase:kind', value: kind },
    { name: 'mkbase:licence', value: licence.basis },
    ...(source ? [{ name: 'mkbase:source', value: `${source.name} ${source.version}` }] : []),
    ...inputs.map(({ path, sha256 }) => ({
      name: 'mkbase:input',
      value: `${path} sha256:${sha256}`,
    })),
    ...trivyProperties(component),
  ];
}

/** A component of the inventory; `files` are its paths in the image. */
export function cyclonedxComponent(component: Component, files: readonly InventoryFile[]) {
  const { id, kind, version, maintainer, licence, purl, sha256, homepage } = component;
  const found = occurrences(component, files);
  return {
    type: types[kind],
    'bom-ref': id,
    name: componentName(component),
    version,
    publisher: maintainer,
    licenses:
      licence.expression === 'NOASSERTION'
        ? undefined
        : [{ expression: licence.expression, acknowledgement: 'declared' }],
    purl,
    hashes: sha256 === undefined ? undefined : [{ alg: 'SHA-256', content: sha256 }],
    externalReferences:
      homepage && /^https?:\/\/\S+$/.test(homepage)
        ? [{ type: 'website', url: homepage }]
        : undefined,
    evidence: found.length > 0 ? { occurrences: found } : undefined,
    properties: properties(component),
  };
}

/** A path as a component of its own: a program, or something that nothing owns. */
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
      ...(target === undefined ? [] : [{ name: 'mkbase:target', value: fromByteString(target) }]),
      ...reasons.map((value) => ({ name: 'mkbase:unattributed', value })),
    ],
  };
}

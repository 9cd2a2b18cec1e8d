import type { ByteString } from '../../base/byte-string.ts';
import { hashOfBytes, sha256OfBytes } from '../../base/hash.ts';
import type { Component } from '../../kinds/component.ts';
import type { InventoryFile } from '../inventory/file.ts';
import { componentName } from './document.ts';

const digits = (text: string, count: number): string => sha256OfBytes(text).slice(0, count);

/**
 * Returns the id of a package. An id may hold letters, digits, dots and hyphens (SPDX 2.3, 7.2); the digits
 * keep it unique.
 */
export const packageId = ({ id, kind, name }: Component): string =>
  `SPDXRef-${kind}-${name.replace(/[^A-Za-z0-9.-]+/g, '-')}-${digits(id, 8)}`;

/** Returns the id of a file from its path. */
export const fileId = (path: ByteString): string => `SPDXRef-File-${digits(path, 20)}`;

const purlReference = (locator: string) => ({
  referenceCategory: 'PACKAGE-MANAGER',
  referenceType: 'purl',
  referenceLocator: locator,
});

const cpeReference = (locator: string) => ({
  referenceCategory: 'SECURITY',
  referenceType: 'cpe23Type',
  referenceLocator: locator,
});

/** Returns the sha1 over the sorted sha1s of the files (SPDX 2.3, 7.9). */
function verificationCode(files: readonly InventoryFile[]): string {
  const hashes = files.map(({ digests }) => digests?.sha1 ?? '').sort();
  return hashOfBytes('sha1', hashes.join(''));
}

const purposes: Partial<Record<Component['kind'], string>> = {
  sources: 'SOURCE',
  archive: 'SOURCE',
};

/** Names the source package in the form that trivy reads, or else the inputs. */
const sourceInfo = ({ source, inputs }: Component): string | undefined => {
  if (source) return `built package from: ${source.name} ${source.version}`;
  if (inputs.length === 0) return undefined;
  return `made from: ${inputs.map(({ path, sha256 }) => `${path} sha256:${sha256}`).join(', ')}`;
};

const supplierOf = ({ kind, purl = '', supplier }: Component): string => {
  if (supplier !== undefined) return supplier;
  const namespace = /^pkg:(?:deb|apk)\/([^/]+)\//.exec(purl)?.[1];
  if (namespace !== undefined) return `Organization: ${namespace}`;
  return kind === 'archive' || kind === 'rootfs-archive' ? 'NOASSERTION' : 'Person: anonymous';
};

/** Writes a component as an SPDX package; `files` are its regular files in the image. */
export function spdxPackage(component: Component, files: readonly InventoryFile[]) {
  const { version, licence, purl, sha256, url, homepage, repository, cpe, kind } = component;
  const references = [...(purl ? [purlReference(purl)] : []), ...(cpe ? [cpeReference(cpe)] : [])];
  const contains = files.length > 0;
  return {
    SPDXID: packageId(component),
    name: componentName(component),
    versionInfo: version,
    supplier: supplierOf(component),
    downloadLocation: url ?? repository ?? 'NOASSERTION',
    filesAnalyzed: contains,
    packageVerificationCode: contains
      ? { packageVerificationCodeValue: verificationCode(files) }
      : undefined,
    checksums: sha256 === undefined ? undefined : [{ algorithm: 'SHA256', checksumValue: sha256 }],
    homepage: homepage && /^https?:\/\/\S+$/.test(homepage) ? homepage : undefined,
    sourceInfo: sourceInfo(component),
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: licence.expression,
    licenseComments: licence.basis,
    copyrightText: 'NOASSERTION',
    primaryPackagePurpose: purposes[kind],
    externalRefs: references.length > 0 ? references : undefined,
  };
}

/** Writes a package for files that are attributed to nothing: SPDX has files in packages only (7.8). */
export const spdxUnattributed = (name: string, files: readonly InventoryFile[]) => ({
  SPDXID: 'SPDXRef-unattributed',
  name: `${name} (attributed to nothing)`,
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: true,
  packageVerificationCode: { packageVerificationCodeValue: verificationCode(files) },
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
});

/** Writes the image itself as an SPDX package. */
export const spdxImage = (name: string, manifest: string, purl: string) => ({
  SPDXID: 'SPDXRef-image',
  name,
  versionInfo: manifest,
  supplier: 'Person: anonymous',
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  checksums: [{ algorithm: 'SHA256', checksumValue: manifest.replace(/^sha256:/, '') }],
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
  primaryPackagePurpose: 'CONTAINER',
  externalRefs: [purlReference(purl)],
});

import { toLosslessText } from '../../base/byte-string.ts';
import type { Component } from '../../kinds/component.ts';
import type { InventoryFile } from '../inventory/file.ts';
import type { Inventory } from '../inventory/inventory.ts';
import {
  documentBytes,
  documentId,
  grouped,
  imagePurl,
  type Subject,
  timestampOf,
} from './document.ts';
import { fileId, packageId, spdxImage, spdxPackage, spdxUnattributed } from './spdx-packages.ts';

const image = 'SPDXRef-image';
const unattributedId = 'SPDXRef-unattributed';

interface Relationship {
  readonly spdxElementId: string;
  readonly relationshipType: string;
  readonly relatedSpdxElement: string;
  readonly comment?: string | undefined;
}

/** Returns whether a component's files are made from it, instead of being in it. */
const isSource = ({ kind }: Component): boolean => kind === 'sources' || kind === 'archive';

/** Keeps the files that SPDX can list: a link or device has no bytes (SPDX 2.3, 8.4). */
const regular = (files: readonly InventoryFile[]): InventoryFile[] =>
  files.filter(({ digests }) => digests !== undefined);

function spdxFile({ path, digests, attribution }: InventoryFile, reasons: readonly string[]) {
  const reason = attribution?.by === 'rule' ? attribution.reason : undefined;
  const missing = reasons.length > 0 ? `attributed to nothing: ${reasons.join('; ')}` : undefined;
  return {
    SPDXID: fileId(path),
    fileName: `./${toLosslessText(path)}`,
    checksums: [
      { algorithm: 'SHA1', checksumValue: digests?.sha1 },
      { algorithm: 'SHA256', checksumValue: digests?.sha256 },
    ],
    comment: missing ?? reason,
  };
}

const contains = (spdxElementId: string, relatedSpdxElement: string): Relationship => ({
  spdxElementId,
  relationshipType: 'CONTAINS',
  relatedSpdxElement,
});

function* componentRelationships(
  component: Component,
  files: readonly InventoryFile[],
): Generator<Relationship> {
  const id = packageId(component);
  const { linked } = component;
  if (linked.length === 0 && !isSource(component)) yield contains(image, id);
  for (const { program, objects } of linked) {
    const link = { relationshipType: 'STATIC_LINK', relatedSpdxElement: id };
    yield { spdxElementId: fileId(program), ...link, comment: objects.join(' ') };
  }
  for (const { path } of files) {
    const made = { relationshipType: 'GENERATED_FROM', relatedSpdxElement: id };
    if (isSource(component)) yield { spdxElementId: fileId(path), ...made };
    else yield contains(id, fileId(path));
  }
}

function* strayRelationships(strays: readonly InventoryFile[]): Generator<Relationship> {
  if (strays.length > 0) yield contains(image, unattributedId);
  for (const { path } of strays) yield contains(unattributedId, fileId(path));
}

function* relationships({ components, files }: Inventory): Generator<Relationship> {
  const owned = grouped(regular(files), ({ component }) => component);
  const describes = { relationshipType: 'DESCRIBES', relatedSpdxElement: image };
  yield { spdxElementId: 'SPDXRef-DOCUMENT', ...describes };
  for (const each of components) yield* componentRelationships(each, owned.get(each.id) ?? []);
  yield* strayRelationships(owned.get(undefined) ?? []);
}

function* spdxFiles({ files, unattributed }: Inventory) {
  const reasons = grouped(unattributed, ({ path }) => path);
  for (const file of regular(files)) {
    yield spdxFile(
      file,
      (reasons.get(file.path) ?? []).map(({ reason }) => reason),
    );
  }
}

function extractedTexts(components: readonly Component[]) {
  const texts = new Map(
    components.flatMap(({ licence }) => licence.texts).map((each) => [each.id, each]),
  );
  return [...texts.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, name, text }) => ({ licenseId: id, name, extractedText: text }));
}

/** Lists links and devices that nothing owns, which SPDX cannot list as files. */
function unattributedComment({ files, unattributed }: Inventory): string | undefined {
  const listed = new Set(regular(files).map(({ path }) => path));
  const rest = unattributed.filter(({ path }) => !listed.has(path));
  if (rest.length === 0) return undefined;
  const lines = rest.map(({ path, reason }) => `/${toLosslessText(path)}: ${reason}`);
  return `Attributed to nothing besides files:\n${lines.join('\n')}`;
}

/**
 * Writes the inventory as an SPDX 2.3 document in JSON (https://spdx.github.io/spdx-spec/v2.3/): the same
 * bytes for the same arguments. A component is a package with its files; objects that the linker took are
 * a STATIC_LINK of the program, whose comment names them.
 */
export function spdxDocument(inventory: Inventory, subject: Subject): Buffer {
  const { components, files } = inventory;
  const owned = grouped(regular(files), ({ component }) => component);
  const filesOf = ({ id }: Component) => owned.get(id) ?? [];
  const strays = owned.get(undefined) ?? [];
  const uuid = documentId('spdx', subject, inventory);
  return documentBytes({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: subject.name,
    documentNamespace: `https://spdx.org/spdxdocs/mkbase-${subject.name}-${uuid}`,
    comment: unattributedComment(inventory),
    creationInfo: {
      created: timestampOf(subject),
      creators: [`Tool: mkbase-${subject.generator}`],
    },
    packages: [
      spdxImage(subject.name, subject.manifest, imagePurl(subject)),
      ...components.map((each) => spdxPackage(each, isSource(each) ? [] : filesOf(each))),
      ...(strays.length > 0 ? [spdxUnattributed(subject.name, strays)] : []),
    ],
    files: spdxFiles(inventory),
    relationships: relationships(inventory),
    hasExtractedLicensingInfos: extractedTexts(components),
  });
}

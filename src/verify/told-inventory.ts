import { type ByteString, fromByteString } from '../base/byte-string.ts';
import { isRecord } from '../base/json.ts';
import type {
  Attribution,
  FileDigests,
  InventoryFile,
  Unattributed,
} from '../evidence/inventory/file.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import type { Component, ComponentKind, LinkedPart } from '../kinds/component.ts';
import type { ExtractedText } from '../packages/licences/licence.ts';
import type { JsonRecord } from './json-part.ts';

/** Both bills of materials, and the rootfs that they are about. */
export interface Told {
  readonly cyclonedx: JsonRecord;
  readonly spdx: JsonRecord;
  readonly paths: readonly PathRecord[];
  /** sha1 of each file's bytes, hexadecimal; where the bytes are not at hand, as SPDX claims it. */
  readonly sha1Of: (path: ByteString) => string;
}

const list = (value: unknown): readonly JsonRecord[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const shown = (path: ByteString): string => `/${fromByteString(path)}`;

const linkedPrefix = 'linked: ';

function propertiesOf(component: JsonRecord) {
  const all = list(component.properties).map(
    ({ name, value }) => [text(name), text(value)] as const,
  );
  return (name: string): string[] =>
    all.filter(([each]) => each === name).map(([, value]) => value);
}

/** `name version`, of which neither holds a space. */
function sourceIn(stated: string | undefined) {
  const [name, version] = stated?.split(' ') ?? [];
  return name && version ? { source: { name, version } } : {};
}

function linkedParts(occurrences: readonly JsonRecord[]): LinkedPart[] {
  return occurrences.flatMap(({ location, additionalContext }) => {
    if (!text(additionalContext).startsWith(linkedPrefix)) return [];
    const program = Buffer.from(text(location).slice(1)).toString('latin1');
    return [{ program, objects: text(additionalContext).slice(linkedPrefix.length).split(' ') }];
  });
}

function inputsOf(stated: readonly string[]) {
  return stated.map((each) => {
    const [, path = each, sha256 = ''] = /^(.*) sha256:([0-9a-f]*)$/.exec(each) ?? [];
    return { path, sha256 };
  });
}

function licenceOf(component: JsonRecord, basis: string, texts: readonly ExtractedText[]) {
  const expression = text(list(component.licenses)[0]?.expression) || 'NOASSERTION';
  const words = new Set(expression.split(/[\s()]+/));
  return { expression, basis, texts: texts.filter(({ id }) => words.has(id)) };
}

/** What the recipe's own parts have after their name. */
const title = / \((?:sources|files:|accounts:|run:|from:)\)$/;

function componentOf(component: JsonRecord, texts: readonly ExtractedText[]): Component {
  const { version, publisher, purl, hashes, externalReferences, evidence } = component;
  const property = propertiesOf(component);
  const occurrences = list(isRecord(evidence) ? evidence.occurrences : []);
  const sha256 = list(hashes)[0]?.content;
  const homepage = list(externalReferences)[0]?.url;
  return {
    id: text(component['bom-ref']),
    kind: text(property('mkbase:kind')[0]) as ComponentKind,
    name: text(component.name).replace(title, ''),
    ...(version !== undefined && { version: text(version) }),
    ...sourceIn(property('mkbase:source')[0]),
    ...(publisher !== undefined && { maintainer: text(publisher) }),
    ...(homepage !== undefined && { homepage: text(homepage) }),
    licence: licenceOf(component, text(property('mkbase:licence')[0]), texts),
    ...(purl !== undefined && { purl: text(purl) }),
    ...(sha256 !== undefined && { sha256: text(sha256) }),
    inputs: inputsOf(property('mkbase:input')),
    linked: linkedParts(occurrences),
  };
}

/** Location of each path → the component that has it, and why where a rule says so. */
function placesIn(components: readonly JsonRecord[]) {
  const places = new Map<string, { readonly component: string; readonly reason?: string }>();
  for (const component of components) {
    const { evidence } = component;
    for (const each of list(isRecord(evidence) ? evidence.occurrences : [])) {
      const reason = each.additionalContext;
      if (text(reason).startsWith(linkedPrefix)) continue;
      const told = reason === undefined ? {} : { reason: text(reason) };
      places.set(text(each.location), { component: text(component['bom-ref']), ...told });
    }
  }
  return places;
}

function unattributedIn(files: readonly JsonRecord[], paths: ReadonlyMap<string, ByteString>) {
  return files.flatMap((file): Unattributed[] => {
    const path = paths.get(text(file.name)) ?? text(file.name);
    return propertiesOf(file)('mkbase:unattributed').map((reason) => ({ path, reason }));
  });
}

/** How it is told that a path belongs to what it belongs to; of a package there is no more to tell. */
function attributionOf(
  location: string,
  reason: string | undefined,
  programs: ReadonlySet<string>,
): Attribution {
  if (programs.has(`file:${location}`)) return { by: 'link' };
  return reason === undefined ? { by: 'package' } : { by: 'rule', reason };
}

/** Every path but folders, with the component that has it. */
function filesOf(
  { cyclonedx, paths, sha1Of }: Told,
  parts: readonly JsonRecord[],
): InventoryFile[] {
  const places = placesIn(parts);
  const dependencies = list(cyclonedx.dependencies).slice(1);
  const programs = new Set(dependencies.map(({ ref }) => text(ref)));
  const files = paths.flatMap((record): InventoryFile[] => {
    const { path, type, target } = record;
    if (type === 'directory') return [];
    const place = places.get(shown(path));
    return [
      {
        path,
        type,
        ...(target !== undefined && { target }),
        ...digestsOf(record, sha1Of),
        component: place?.component,
        attribution: attributionOf(shown(path), place?.reason, programs),
      },
    ];
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const digestsOf = (
  { path, sha256 }: PathRecord,
  sha1Of: Told['sha1Of'],
): { digests?: FileDigests } =>
  sha256 === undefined ? {} : { digests: { sha1: sha1Of(path), sha256 } };

/**
 * The inventory that two bills of materials tell of a rootfs: components as the one in CycloneDX has
 * them, licence texts as SPDX does, files and their hashes as they are in the rootfs. Writing both
 * documents again from it shows where they differ from each other or from the rootfs.
 */
export function toldInventory(told: Told): Inventory {
  const { cyclonedx, spdx, paths } = told;
  const all = list(cyclonedx.components);
  const [system] = all.filter(({ type }) => type === 'operating-system');
  const isAlone = (each: JsonRecord) => text(each['bom-ref']).startsWith('file:/');
  const parts = all.filter((each) => each !== system && !isAlone(each));
  const texts = list(spdx.hasExtractedLicensingInfos).map(
    ({ licenseId, name, extractedText }): ExtractedText => ({
      id: text(licenseId),
      name: text(name),
      text: text(extractedText),
    }),
  );
  const byShown = new Map(paths.map(({ path }) => [shown(path), path]));
  return {
    distro: system && text(system['bom-ref']).replace(/^os:/, ''),
    components: parts.map((each) => componentOf(each, texts)),
    files: filesOf(told, parts),
    unattributed: unattributedIn(all.filter(isAlone), byShown),
  };
}

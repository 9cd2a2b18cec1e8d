import { type ByteString, fromLosslessText, toLosslessText } from '../base/byte-string.ts';
import { isRecord, type JsonRecord, list, record, text } from '../base/json.ts';
import type { Attribution, InventoryFile } from '../evidence/inventory/file.ts';
import type { Inventory } from '../evidence/inventory/inventory.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import type {
  Component,
  ComponentKind,
  FileDigests,
  LinkedPart,
  Unattributed,
} from '../kinds/component.ts';
import type { ExtractedText } from '../packages/licences/licence.ts';

/** Both bills of materials, and the rootfs that they describe. */
export interface SbomsOfRootfs {
  readonly cyclonedx: JsonRecord;
  readonly spdx: JsonRecord;
  readonly paths: readonly PathRecord[];
  /** Returns the sha1 of a file's bytes, hexadecimal; where the bytes are not at hand, the one in SPDX. */
  readonly sha1Of: (path: ByteString) => string;
}

const records = (value: unknown): readonly JsonRecord[] => list(value).filter(isRecord);

const shown = (path: ByteString): string => `/${toLosslessText(path)}`;

const linkedPrefix = 'linked: ';

function propertiesOf(component: JsonRecord) {
  const all = records(component.properties).map(
    ({ name, value }) => [text(name), text(value)] as const,
  );
  return (name: string): string[] =>
    all.filter(([each]) => each === name).map(([, value]) => value);
}

/** Parses `name version`; neither holds a space. */
function sourceIn(stated: string | undefined) {
  const [name, version] = stated?.split(' ') ?? [];
  return name && version ? { source: { name, version } } : {};
}

function linkedParts(occurrences: readonly JsonRecord[]): LinkedPart[] {
  return occurrences.flatMap(({ location, additionalContext }) => {
    if (!text(additionalContext).startsWith(linkedPrefix)) return [];
    const program = fromLosslessText(text(location).slice(1));
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
  const expression = text(records(component.licenses)[0]?.expression) || 'NOASSERTION';
  const words = new Set(expression.split(/[\s()]+/));
  return { expression, basis, texts: texts.filter(({ id }) => words.has(id)) };
}

/** The suffix that `componentName` gives to the recipe's own parts. */
const title = / \((?:sources|files:|accounts:|run:|from:)\)$/;

function componentOf(component: JsonRecord, texts: readonly ExtractedText[]): Component {
  const { version, publisher, cpe, purl, hashes, externalReferences, evidence } = component;
  const property = propertiesOf(component);
  const occurrences = records(record(evidence).occurrences);
  const sha256 = records(hashes)[0]?.content;
  const references = records(externalReferences);
  const urlOf = (wanted: string) => references.find(({ type }) => type === wanted)?.url;
  const [homepage, url] = [urlOf('website'), urlOf('distribution')];
  const [repository, supplier] = [urlOf('vcs'), property('mkbase:supplier')[0]];
  return {
    id: text(component['bom-ref']),
    kind: text(property('mkbase:kind')[0]) as ComponentKind,
    name: text(component.name).replace(title, ''),
    ...(version !== undefined && { version: text(version) }),
    ...sourceIn(property('mkbase:source')[0]),
    ...(publisher !== undefined && { maintainer: text(publisher) }),
    ...(homepage !== undefined && { homepage: text(homepage) }),
    ...(supplier !== undefined && { supplier }),
    ...(cpe !== undefined && { cpe: text(cpe) }),
    ...(repository !== undefined && { repository: text(repository) }),
    licence: licenceOf(component, text(property('mkbase:licence')[0]), texts),
    ...(purl !== undefined && { purl: text(purl) }),
    ...(sha256 !== undefined && { sha256: text(sha256) }),
    ...(url !== undefined && { url: text(url) }),
    inputs: inputsOf(property('mkbase:input')),
    linked: linkedParts(occurrences),
  };
}

/** Maps the location of each path to its component, and to the reason if a rule attributed it. */
function placesIn(components: readonly JsonRecord[]) {
  const places = new Map<string, { readonly component: string; readonly reason?: string }>();
  for (const component of components) {
    const { evidence } = component;
    for (const each of records(record(evidence).occurrences)) {
      const reason = each.additionalContext;
      if (text(reason).startsWith(linkedPrefix)) continue;
      const why = reason === undefined ? {} : { reason: text(reason) };
      places.set(text(each.location), { component: text(component['bom-ref']), ...why });
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

/** Returns how a path was attributed; the documents do not tell more of a package's path. */
function attributionOf(
  location: string,
  reason: string | undefined,
  programs: ReadonlySet<string>,
): Attribution {
  if (programs.has(`file:${location}`)) return { by: 'link' };
  return reason === undefined ? { by: 'package' } : { by: 'rule', reason };
}

/** Returns every path but folders, with the component that has it. */
function filesOf(
  { cyclonedx, paths, sha1Of }: SbomsOfRootfs,
  parts: readonly JsonRecord[],
): InventoryFile[] {
  const places = placesIn(parts);
  const dependencies = records(cyclonedx.dependencies).slice(1);
  const programs = new Set(dependencies.map(({ ref }) => text(ref)));
  const files = paths.flatMap((found): InventoryFile[] => {
    const { path, type, target } = found;
    if (type === 'directory') return [];
    const place = places.get(shown(path));
    return [
      {
        path,
        type,
        ...(target !== undefined && { target }),
        ...digestsOf(found, sha1Of),
        component: place?.component,
        attribution: attributionOf(shown(path), place?.reason, programs),
      },
    ];
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const digestsOf = (
  { path, sha256 }: PathRecord,
  sha1Of: SbomsOfRootfs['sha1Of'],
): { digests?: FileDigests } =>
  sha256 === undefined ? {} : { digests: { sha1: sha1Of(path), sha256 } };

/**
 * Reads the inventory of a rootfs back from two bills of materials: components from CycloneDX, licence
 * texts from SPDX, files and their hashes from the rootfs itself. Writing both documents again from it
 * shows where they differ from each other or from the rootfs.
 */
export function inventoryFromSboms(sboms: SbomsOfRootfs): Inventory {
  const { cyclonedx, spdx, paths } = sboms;
  const all = records(cyclonedx.components);
  const [system] = all.filter(({ type }) => type === 'operating-system');
  const isAlone = (each: JsonRecord) => text(each['bom-ref']).startsWith('file:/');
  const parts = all.filter((each) => each !== system && !isAlone(each));
  const texts = records(spdx.hasExtractedLicensingInfos).map(
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
    files: filesOf(sboms, parts),
    unattributed: unattributedIn(all.filter(isAlone), byShown),
  };
}

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../base/canonical-json.ts';
import { type PlatformName, platforms } from '../../base/platform.ts';
import type { Component, ComponentKind } from '../../kinds/component.ts';
import { imagePurlType, purl } from '../../packages/purl.ts';
import type { Inventory } from '../inventory/inventory.ts';

/** The image that a bill of materials describes. */
export interface Subject {
  /** The recipe's name. */
  readonly name: string;
  readonly platform: PlatformName;
  /** `sha256:<hex>` of the image's manifest. */
  readonly manifest: string;
  /** `sha256:<hex>` of the layer's tar. */
  readonly diffId: string;
  /** The lock's epoch, seconds since 1970: the time in the documents. */
  readonly created: number;
  /** mkbase's own version. */
  readonly generator: string;
}

/** Returns the package URL of an image (purl-spec, oci type): its version is the manifest's digest. */
export const imagePurl = ({ name, manifest, platform }: Subject): string =>
  purl({
    type: imagePurlType,
    name,
    version: manifest,
    qualifiers: { arch: platforms[platform].ociArchitecture },
  });

/** Returns the time in RFC 3339, in UTC and whole seconds, as both formats want it. */
export const timestampOf = ({ created }: Subject): string =>
  new Date(created * 1000).toISOString().replace('.000Z', 'Z');

/** Returns the sha256 of everything in an inventory, 64 hexadecimal digits. */
function inventoryDigest({ distro, components, files, unattributed }: Inventory): string {
  const hash = createHash('sha256').update(JSON.stringify(distro ?? null));
  for (const each of [...components, ...files, ...unattributed]) hash.update(JSON.stringify(each));
  return hash.digest('hex');
}

/**
 * Returns the id of a document as a UUID of version 8 (RFC 9562, 5.8) made from a sha256: the same for
 * the same format, image, version of mkbase and inventory.
 */
export function documentId(
  format: 'spdx' | 'cyclonedx',
  { manifest, generator }: Subject,
  inventory: Inventory,
): string {
  const words = [format, manifest, generator, inventoryDigest(inventory)];
  const bytes = createHash('sha256').update(JSON.stringify(words)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Titles of the recipe's own parts, whose only name is their recipe's. */
const titles: Partial<Readonly<Record<ComponentKind, string>>> = {
  sources: 'sources',
  files: 'files:',
  accounts: 'accounts:',
  run: 'run:',
  from: 'from:',
};

/** Returns the name under which a component is listed, for instance `hello-cpp (sources)`. */
export function componentName({ kind, name }: Component): string {
  const title = titles[kind];
  return title === undefined ? name : `${name} (${title})`;
}

/** Groups values by their key, in their order. */
export function grouped<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const others = groups.get(key);
    if (others === undefined) groups.set(key, [value]);
    else others.push(value);
  }
  return groups;
}

/** A member of a document: a value, or a list whose elements are made one at a time. */
type Member = string | number | object | undefined;

/** Indents lines, which end in "\n" alone: a pattern with the flag m would also end one at U+2028. */
const indented = (text: string, by: string): string =>
  by + text.trimEnd().replaceAll('\n', `\n${by}`);

function* listText(values: Iterable<unknown>): Generator<string> {
  let count = 0;
  for (const value of values) {
    yield count === 0 ? '[\n' : ',\n';
    yield indented(canonicalJson(value as object), '    ');
    count += 1;
  }
  yield count === 0 ? '[]' : '\n  ]';
}

function* pieces(document: Readonly<Record<string, Member>>): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined) continue;
    yield `${before}  ${JSON.stringify(key)}: `;
    before = ',\n';
    if (typeof value !== 'object') yield JSON.stringify(value);
    else if (Symbol.iterator in value) yield* listText(value as Iterable<unknown>);
    else yield indented(canonicalJson(value), '  ').trimStart();
  }
  yield '\n}\n';
}

/** Writes text, given in pieces, as UTF-8. */
function bytesOfPieces(pieces: Iterable<string>): Buffer {
  let bytes = Buffer.allocUnsafe(64 * 1024);
  let used = 0;
  for (const piece of pieces) {
    const needed = used + Buffer.byteLength(piece);
    if (needed > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * bytes.length));
      bytes.copy(larger, 0, 0, used);
      bytes = larger;
    }
    used += bytes.write(piece, used);
  }
  return bytes.subarray(0, used);
}

/**
 * Writes a document as `canonicalJson` does, list by list and element by element, so that never more than
 * one of a root file system's files is held as an object. Elements of lists must be objects.
 */
export const documentBytes = (document: Readonly<Record<string, Member>>): Buffer =>
  bytesOfPieces(pieces(document));

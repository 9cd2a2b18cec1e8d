import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { sha256OfBytes } from '../../../src/base/hash.ts';
import { isRecord } from '../../../src/base/json.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import { bytesOf, isJson, parsedJson, withBytes } from './output.ts';

const blobs = 'blobs/sha256/';

/** Sets the size of each descriptor whose blob is there, in place; tells whether any was another. */
function correctSizes(value: unknown, sizes: ReadonlyMap<string, number>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const below = Object.values(value).map((each) => correctSizes(each, sizes));
  const found = isRecord(value) ? sizes.get(String(value.digest)) : undefined;
  const holder = value as { size?: unknown };
  const differs = found !== undefined && typeof holder.size === 'number' && holder.size !== found;
  if (differs) holder.size = found;
  return differs || below.includes(true);
}

/** Returns a JSON member with the right size in each descriptor, in the form that it had. */
function withSizes(entry: Entry, sizes: ReadonlyMap<string, number>): Entry {
  const text = bytesOf(entry).toString();
  const value = parsedJson(text);
  const isCanonical = canonicalJson(value as object) === text;
  if (!correctSizes(value, sizes)) return entry;
  const written = isCanonical ? canonicalJson(value as object) : JSON.stringify(value);
  return withBytes(entry, Buffer.from(written));
}

/** Puts blobs into the order of their names again, at the places where blobs stand. */
function sortedBlobs(members: readonly Entry[]): Entry[] {
  const sorted = members
    .filter(({ path }) => path.startsWith(blobs))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return members.map((each) => (each.path.startsWith(blobs) ? sorted.shift()! : each));
}

/** Gives a blob the name of its bytes, wherever it is named. */
function renamedBlob(members: readonly Entry[], before: string, after: string): Entry[] {
  return members.map((each) => {
    const path = each.path.replace(before, after);
    if (!isJson(each)) return { ...each, path };
    const text = bytesOf(each).toString('latin1').replaceAll(before, after);
    return { ...withBytes(each, Buffer.from(text, 'latin1')), path };
  });
}

const sizesOf = (members: readonly Entry[]): Map<string, number> =>
  new Map(
    members
      .filter(({ path }) => path.startsWith(blobs))
      .map((each) => [`sha256:${each.path.slice(blobs.length)}`, bytesOf(each).length]),
  );

/** Deeper than an index of a manifest of a config of a layer. */
const rounds = 8;

/**
 * Makes digests and sizes of an archive consistent with its bytes: blobs get the names of their bytes,
 * and whatever names them names them so.
 */
export function resealArchive(members: readonly Entry[]): Entry[] {
  let sealed = [...members];
  for (let round = 0; round < rounds; round += 1) {
    const sizes = sizesOf(sealed);
    sealed = sealed.map((each) => (isJson(each) ? withSizes(each, sizes) : each));
    const wrong = sealed.flatMap((each) => {
      if (each.type !== 'file' || !each.path.startsWith(blobs)) return [];
      const stated = each.path.slice(blobs.length);
      const computed = sha256OfBytes(bytesOf(each));
      return stated === computed ? [] : [[stated, computed] as const];
    });
    if (wrong.length === 0) break;
    // The blob that names no other one of these comes first, so that each is renamed once.
    const [stated, computed] =
      wrong.find(([name]) => !namesAnother(sealed, name, wrong)) ?? wrong[0]!;
    sealed = sortedBlobs(renamedBlob(sealed, stated, computed));
  }
  return sealed;
}

function namesAnother(
  members: readonly Entry[],
  name: string,
  wrong: readonly (readonly [string, string])[],
): boolean {
  const member = members.find(({ path }) => path === blobs + name);
  if (member === undefined || !isJson(member)) return false;
  const text = bytesOf(member).toString('latin1');
  return wrong.some(([other]) => other !== name && text.includes(other));
}

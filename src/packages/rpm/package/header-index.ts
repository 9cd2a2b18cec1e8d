import { binaryType, entryEnd, type IndexEntry } from './entry-type.ts';

const entryLength = 16;

/** Bytes and entries of a header that its region tag says are as they were built. */
export interface Region {
  /** Entries, the region's own among them. */
  readonly entries: number;
  /** Bytes of data. */
  readonly data: number;
}

/** A header's index with its data; nothing in it lies outside of the data. */
export interface CheckedIndex {
  readonly entries: ReadonlyMap<number, IndexEntry>;
  readonly data: Buffer;
  readonly region: Region;
}

const readEntry = (index: Buffer, at: number): IndexEntry => ({
  tag: index.readUInt32BE(at * entryLength),
  type: index.readUInt32BE(at * entryLength + 4),
  offset: index.readInt32BE(at * entryLength + 8),
  count: index.readUInt32BE(at * entryLength + 12),
});

/**
 * Reads the region tag, which must be the first entry (rpm's manual, "Immutable regions"): its data is a
 * second entry at the end of the region, whose offset is the length of the region's index, negative.
 */
function regionOf(index: Buffer, data: Buffer, tag: number): Region {
  const first = readEntry(index, 0);
  if (first.tag !== tag) throw new SyntaxError(`its first tag is ${first.tag}, not ${tag}`);
  const isForm = first.type === binaryType && first.count === entryLength;
  if (!isForm || first.offset < 0 || first.offset + entryLength > data.length) {
    throw new SyntaxError('its region has no end');
  }
  const trailer = readEntry(data.subarray(first.offset, first.offset + entryLength), 0);
  const entries = -trailer.offset / entryLength;
  const isTrailer = trailer.type === binaryType && trailer.count === entryLength;
  // Old versions of rpm write the tag of the header's region into that of the signatures.
  const isTag = trailer.tag === tag || (tag === 62 && trailer.tag === 63);
  if (!isTrailer || !isTag || !Number.isInteger(entries) || entries < 1) {
    throw new SyntaxError('the end of its region is of another form');
  }
  if (entries > index.length / entryLength) throw new SyntaxError('its region ends behind it');
  return { entries, data: first.offset + entryLength };
}

/**
 * Checks an index of 16 bytes an entry against its data, as rpm does: values lie in the data, those of the
 * region in the order of the index, and none over another. No tag comes twice. Throws SyntaxError.
 */
export function checkIndex(index: Buffer, data: Buffer, regionTag: number): CheckedIndex {
  if (index.length < entryLength) throw new SyntaxError('it has no entries');
  const region = regionOf(index, data, regionTag);
  const entries = new Map<number, IndexEntry>();
  const inRegion = data.subarray(0, region.data - entryLength);
  let end = 0;
  for (let at = 1; at < index.length / entryLength; at += 1) {
    const entry = readEntry(index, at);
    const name = `tag ${entry.tag}`;
    const isInside = at < region.entries;
    const found = entryEnd(isInside ? inRegion : data, entry);
    if ('problem' in found) throw new SyntaxError(`${name} ${found.problem}`);
    const lowest = at === region.entries ? Math.max(end, region.data) : end;
    if (entry.offset < lowest) throw new SyntaxError(`${name} lies over another`);
    end = found.end;
    if (isInside || !entries.has(entry.tag)) {
      if (entries.has(entry.tag)) throw new SyntaxError(`${name} comes twice`);
      entries.set(entry.tag, entry);
    }
  }
  return { entries, data, region };
}

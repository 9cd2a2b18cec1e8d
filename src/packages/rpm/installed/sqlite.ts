/**
 * A reader of the tables of an SQLite database (https://www.sqlite.org/fileformat.html): its libraries are
 * whole engines of some megabytes, and one table is read here, from the first page to the last.
 */

/** A value of a row: a number, a text, bytes or nothing. */
export type SqliteValue = number | string | Buffer | undefined;

const pageTypes = { inner: 5, leaf: 13 } as const;
const fileHeader = 100;
/** More levels than a tree of the largest database has. */
const maxDepth = 20;
/** More columns than any table here has. */
const maxColumns = 100;

interface Database {
  readonly bytes: Buffer;
  readonly pageSize: number;
  /** Bytes of a page that hold data. */
  readonly usable: number;
  /** Bytes that rows may still have: no two share any, so that all together are not longer than the file. */
  readonly rows: { left: number };
}

/** Reads a number of up to nine bytes, seven bits in each but the last; returns the offset after it. */
function varint(bytes: Buffer, at: number): readonly [value: number, end: number] {
  let value = 0n;
  for (let count = 0; count < 9; count += 1) {
    const byte = bytes.readUInt8(at + count);
    if (count === 8) return [Number((value << 8n) | BigInt(byte)), at + 9];
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return [Number(value), at + count + 1];
  }
  throw new SyntaxError('a number has no end');
}

function openDatabase(bytes: Buffer): Database {
  if (bytes.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw new SyntaxError('it is no SQLite');
  const stated = bytes.readUInt16BE(16);
  const pageSize = stated === 1 ? 65_536 : stated;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0)
    throw new SyntaxError('its pages have no size');
  // Behind a write-ahead log that was not folded in, rows are older than they should be.
  const encoding = bytes.readUInt32BE(56);
  if (encoding !== 1) throw new SyntaxError('its texts are not UTF-8');
  return { bytes, pageSize, usable: pageSize - bytes.readUInt8(20), rows: { left: bytes.length } };
}

function page({ bytes, pageSize }: Database, number: number): Buffer {
  const start = (number - 1) * pageSize;
  if (number < 1 || start + pageSize > bytes.length)
    throw new SyntaxError(`page ${number} is not there`);
  return bytes.subarray(start, start + pageSize);
}

/** Returns a row's record; what does not fit into a page goes on in a chain of others. */
function payload(database: Database, leaf: Buffer, cell: number): Buffer {
  const [length, afterLength] = varint(leaf, cell);
  const [, start] = varint(leaf, afterLength);
  const { usable, rows } = database;
  rows.left -= length;
  if (rows.left < 0) throw new SyntaxError('its rows are longer than the database');
  const most = usable - 35;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (usable - 4));
  const local = length <= most ? length : fitting <= most ? fitting : least;
  const parts = [leaf.subarray(start, start + local)];
  let left = length - local;
  let next = left > 0 ? leaf.readUInt32BE(start + local) : 0;
  while (left > 0) {
    const overflow = page(database, next);
    const part = overflow.subarray(4, 4 + Math.min(left, usable - 4));
    parts.push(part);
    left -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts, length);
}

/** Yields the records of a table's tree in the order of their rows. */
function* records(
  database: Database,
  root: number,
  seen: Set<number>,
  depth = 0,
): Generator<Buffer> {
  if (seen.has(root) || depth > maxDepth) throw new SyntaxError('its pages lead in a circle');
  seen.add(root);
  const bytes = page(database, root);
  const header = root === 1 ? fileHeader : 0;
  const type = bytes.readUInt8(header);
  if (type !== pageTypes.inner && type !== pageTypes.leaf) {
    throw new SyntaxError(`page ${root} is of no table`);
  }
  const cells = header + (type === pageTypes.inner ? 12 : 8);
  for (let at = 0; at < bytes.readUInt16BE(header + 3); at += 1) {
    const cell = bytes.readUInt16BE(cells + 2 * at);
    if (type === pageTypes.leaf) yield payload(database, bytes, cell);
    else yield* records(database, bytes.readUInt32BE(cell), seen, depth + 1);
  }
  if (type === pageTypes.inner) {
    yield* records(database, bytes.readUInt32BE(header + 8), seen, depth + 1);
  }
}

const sizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

function cellValue(record: Buffer, type: number, at: number, size: number): SqliteValue {
  if (type >= 12) {
    const bytes = record.subarray(at, at + size);
    return type % 2 === 1 ? bytes.toString('utf8') : bytes;
  }
  if (type === 0) return undefined;
  if (type === 8 || type === 9) return type - 8;
  if (type === 6) return Number(record.readBigInt64BE(at));
  return type === 7 ? record.readDoubleBE(at) : record.readIntBE(at, size);
}

/** Reads the values of a record: their types first, then all of them. */
function valuesOf(record: Buffer): SqliteValue[] {
  const [headerEnd, first] = varint(record, 0);
  const values: SqliteValue[] = [];
  let at = headerEnd;
  for (let place = first; place < headerEnd; ) {
    if (values.length === maxColumns) throw new SyntaxError('a row has too many columns');
    const [type, next] = varint(record, place);
    const size = type >= 12 ? (type - 12 - (type % 2)) / 2 : sizes[type]!;
    if (at + size > record.length) throw new SyntaxError('a row ends before its values');
    values.push(cellValue(record, type, at, size));
    at += size;
    place = next;
  }
  return values;
}

/**
 * Yields the rows of a table, each its values in the order of its columns; a column that is the row's own
 * number has none. Throws SyntaxError for bytes that are no database, or that are damaged.
 */
export function* sqliteRows(bytes: Buffer, table: string): Generator<SqliteValue[]> {
  try {
    const database = openDatabase(bytes);
    for (const record of records(database, 1, new Set())) {
      const [type, name, , root] = valuesOf(record);
      if (type !== 'table' || name !== table) continue;
      if (typeof root !== 'number') throw new SyntaxError(`the table ${table} has no pages`);
      for (const row of records(database, root, new Set())) yield valuesOf(row);
      return;
    }
    throw new SyntaxError(`it has no table ${table}`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SyntaxError('it is damaged', { cause: error });
  }
}

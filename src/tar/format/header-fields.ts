/**
 * The 512-byte header block: POSIX.1-1988 ustar (pax(1), "ustar Interchange Format"), whose fields
 * the V7, GNU and PAX forms share.
 */

/** Everything in a tar archive is padded to whole blocks. */
export const blockSize = 512;

/** The start of a field and its length in bytes. */
export type Field = readonly [start: number, length: number];

export const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  linkname: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
  trailer: [500, 12],
} as const satisfies Record<string, Field>;

/** Magic and version together, as each dialect writes them. */
export const magics = { ustar: 'ustar\x0000', gnu: 'ustar  \0', v7: '\0'.repeat(8) } as const;

/** Adds up the block's bytes, with the checksum field itself taken as spaces. */
export function headerChecksum(block: Uint8Array): number {
  const [start, length] = fields.checksum;
  let sum = length * 0x20;
  for (let at = 0; at < blockSize; at += 1) {
    if (at < start || at >= start + length) sum += block[at]!;
  }
  return sum;
}

/** Returns the number of bytes that fill up the last block of `size` bytes. */
export const paddingOf = (size: number): number => (blockSize - (size % blockSize)) % blockSize;

/** Numbers in header fields: octal text, or GNU's base-256 (GNU tar manual, "Basic Tar Format"). */

const octal = /^ *([0-7]*)[ \0]*$/;

/** Parses big-endian two's complement below the marker bit; undefined when it is no safe integer. */
function parseBase256(field: Uint8Array): number | undefined {
  let value = BigInt(field[0]! & 0x7f);
  for (const byte of field.subarray(1)) value = value * 256n + BigInt(byte);
  if (field[0]! & 0x40) value -= 1n << BigInt(field.length * 8 - 1);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Parses the number in a header field, 0 for an empty one; undefined when it is none. */
export function parseNumber(field: Uint8Array): number | undefined {
  if (field[0]! & 0x80) return parseBase256(field);
  const digits = octal.exec(Buffer.from(field).toString('latin1'))?.[1];
  if (digits === undefined) return undefined;
  const number = digits === '' ? 0 : Number.parseInt(digits, 8);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Returns the largest number that an octal field of that length holds beside its closing NUL. */
export const octalLimit = (length: number): number => 8 ** (length - 1) - 1;

/** Writes octal digits that fill the field but for a closing NUL. */
export const formatOctal = (value: number, length: number): string =>
  `${value.toString(8).padStart(length - 1, '0')}\0`;

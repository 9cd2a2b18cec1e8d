/** Numbers in header fields: octal text, or GNU's base-256 (GNU tar manual, "Basic Tar Format"). */

const octal = /^ *([0-7]*)[ \0]*$/;

/** Big-endian two's complement below the marker bit; undefined when it is no safe integer. */
function parseBase256(field: Uint8Array): number | undefined {
  let value = BigInt(field[0]! & 0x7f);
  for (const byte of field.subarray(1)) value = value * 256n + BigInt(byte);
  if (field[0]! & 0x40) value -= 1n << BigInt(field.length * 8 - 1);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The number in a header field, 0 for an empty one; undefined when it is none. */
export function parseNumber(field: Uint8Array): number | undefined {
  if (field[0]! & 0x80) return parseBase256(field);
  const digits = octal.exec(Buffer.from(field).toString('latin1'))?.[1];
  if (digits === undefined) return undefined;
  const number = digits === '' ? 0 : Number.parseInt(digits, 8);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The largest number that an octal field of that length holds beside its closing NUL. */
export const octalLimit = (length: number): number => 8 ** (length - 1) - 1;

/** Octal digits that fill the field but for a closing NUL. */
export const formatOctal = (value: number, length: number): string =>
  `${value.toString(8).padStart(length - 1, '0')}\0`;

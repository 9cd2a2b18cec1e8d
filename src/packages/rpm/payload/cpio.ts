import type { ByteString } from '../../../base/byte-string.ts';
import type { ByteReader } from '../../../tar/byte-reader.ts';

/** A member of a cpio archive: a name and its length, or the number of a file in the package's header. */
export type CpioMember =
  | { readonly name: ByteString; readonly size: number }
  | { readonly index: number };

const pathLimit = 4096;
const newForms = new Set(['070701', '070702']);
const strippedForm = '07070X';
const trailer = 'TRAILER!!!';

async function exactly(reader: ByteReader, length: number): Promise<ByteString> {
  const bytes = await reader.read(length);
  if (bytes.length < length) throw new SyntaxError('the archive is cut short');
  return bytes.toString('latin1');
}

function hex(text: string): number {
  if (!/^[0-9A-Fa-f]{8}$/.test(text))
    throw new SyntaxError('a header has a number of no such form');
  return Number.parseInt(text, 16);
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

/** Skips the zeros up to a multiple of four. */
export async function skipPadding(reader: ByteReader, length: number): Promise<void> {
  const zeros = await exactly(reader, padding(length));
  if (/[^\0]/.test(zeros)) throw new SyntaxError('something stands between two members');
}

async function nameOf(reader: ByteReader, length: number): Promise<ByteString> {
  if (length < 2 || length > pathLimit + 3) {
    throw new SyntaxError(`a name is ${length} bytes long`);
  }
  const name = await exactly(reader, length);
  if (name.indexOf('\0') !== length - 1)
    throw new SyntaxError('a name does not end where it should');
  await skipPadding(reader, 110 + length);
  return name.slice(0, -1);
}

/**
 * Reads the header of the next member (cpio(5), "New ASCII Format"; rpm's own form, which has nothing but
 * a file's number in the package's header): its content follows. Undefined at the end of the archive,
 * which only zeros may follow. Throws SyntaxError.
 */
export async function nextCpioMember(reader: ByteReader): Promise<CpioMember | undefined> {
  const magic = await exactly(reader, 6);
  if (magic === strippedForm) {
    const index = hex(await exactly(reader, 8));
    await skipPadding(reader, 14);
    return { index };
  }
  if (!newForms.has(magic)) throw new SyntaxError('a member has no magic number');
  const fields = await exactly(reader, 104);
  const field = (at: number): number => hex(fields.slice(at * 8, at * 8 + 8));
  const size = field(6);
  const name = await nameOf(reader, field(11));
  if (name !== trailer) return { name, size };
  if (size !== 0) throw new SyntaxError('its end mark has content');
  for (;;) {
    const rest = await reader.readSome(64 * 1024);
    if (rest.length === 0) return undefined;
    if (rest.some((byte) => byte !== 0)) throw new SyntaxError('something follows its end');
  }
}
